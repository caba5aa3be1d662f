package dev.countersign.store.imports;

import dev.countersign.document.Fault;
import java.util.List;

/**
 * What an import of one file did, or would do.
 *
 * @param user whose document it is for
 * @param format the word for the file's format; null if it could not be told
 * @param dryRun whether nothing was written, whatever the lines say
 * @param changed whether the document got, or would get, a new version
 * @param version of the document afterwards
 * @param refused a stable word if nothing of the file was taken; null otherwise
 * @param detail why, in one sentence; null otherwise
 */
public record ImportReport(
    String user,
    String file,
    String format,
    boolean dryRun,
    boolean changed,
    long version,
    String refused,
    String detail,
    List<ReportLine> lines) {
  public ImportReport {
    lines = List.copyOf(lines);
  }

  /** A file of which nothing was taken. */
  static ImportReport refused(
      String user, String file, String format, boolean dryRun, String code, String detail) {
    return new ImportReport(user, file, format, dryRun, false, 0, code, detail, List.of());
  }

  static ImportReport refused(
      String user, String file, String format, boolean dryRun, UnreadableFileException e) {
    Fault fault = e.fault();
    return refused(user, file, format, dryRun, e.code(), fault.sentence());
  }

  /** How many lines had this outcome. */
  long count(ReportLine.Outcome outcome) {
    return lines.stream().filter(line -> line.outcome() == outcome).count();
  }
}
