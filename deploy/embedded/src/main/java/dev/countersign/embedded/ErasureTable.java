package dev.countersign.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an erase leaves of each column, read from {@code docs/erasure.md}: the table behind {@code
 * <!-- oracle: database -->}.
 */
public final class ErasureTable {
  /** What becomes of a column's content, by the first word of the last cell. */
  public enum Fate {
    /** It may quote the document, and quotes it no more. */
    ERASED,
    /** It goes with its row, or something that says nothing takes its place. */
    GONE,
    /** It is no part of the document. */
    STAYS
  }

  private final SortedMap<String, Fate> columns = new TreeMap<>();

  private ErasureTable() {}

  /**
   * Reads the page of the checkout that this process runs in.
   *
   * @throws IllegalStateException if there is none above the working folder
   */
  public static ErasureTable of(String database) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path page = at.resolve("docs/erasure.md");
      if (Files.isRegularFile(page)) {
        try {
          return of(database, Files.readAllLines(page));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalStateException("docs/erasure.md is not above the working folder");
  }

  private static ErasureTable of(String database, List<String> lines) {
    ErasureTable read = new ErasureTable();
    int start = lines.indexOf("<!-- oracle: %s -->".formatted(database)) + 1;
    lines.stream()
        .skip(start)
        .takeWhile(line -> start > 0 && line.startsWith("|"))
        .skip(2)
        .forEach(read::add);
    return read;
  }

  private void add(String line) {
    List<String> cells =
        Arrays.stream(line.substring(1).split("\\|"))
            .map(cell -> cell.replace("`", "").strip())
            .toList();
    Fate fate = Fate.valueOf(cells.get(2).split("[^a-z]", 2)[0].toUpperCase(java.util.Locale.ROOT));
    for (String column : cells.get(1).split(" ")) {
      if (columns.put(cells.get(0) + "." + column, fate) != null) {
        throw new IllegalStateException(cells.get(0) + "." + column + " stands twice on the page");
      }
    }
  }

  /** Every column on the page, as {@code table.column}. */
  public SortedSet<String> columns() {
    return new TreeSet<>(columns.keySet());
  }

  /** The columns that may quote a document until it is erased. */
  public SortedSet<String> erased() {
    SortedSet<String> erased = columns();
    erased.removeIf(column -> columns.get(column) != Fate.ERASED);
    return erased;
  }
}
