package dev.countersign.document;

/**
 * One thing wrong with a document.
 *
 * @param line from 1; 0 where no place can be named
 * @param column from 1; 0 where no place can be named
 * @param path where in the document, such as {@code rules.allow[2]}
 * @param detail what is wrong and what would be right
 */
public record Fault(int line, int column, String path, String detail) {
  /** The fault as one sentence that names its place. */
  public String sentence() {
    String place = line == 0 ? "" : "line %d, column %d: ".formatted(line, column);
    return place + path + " " + detail;
  }
}
