package dev.countersign.store.imports;

import java.util.List;

/**
 * What an import of a folder did, or would do.
 *
 * @param changed how many documents got, or would get, a new version
 * @param unchanged how many did not need one, or are newer than their file
 * @param refused how many files could not be imported
 * @param reports one for each file, by user
 * @param next to go on with: the {@code after} of the next call; null at the end
 */
public record FolderReport(
    boolean dryRun,
    int changed,
    int unchanged,
    int refused,
    List<ImportReport> reports,
    String next) {
  public FolderReport {
    reports = List.copyOf(reports);
  }

  static FolderReport of(boolean dryRun, List<ImportReport> reports, String next) {
    int refused = (int) reports.stream().filter(r -> r.refused() != null).count();
    int changed = (int) reports.stream().filter(ImportReport::changed).count();
    return new FolderReport(
        dryRun, changed, reports.size() - changed - refused, refused, reports, next);
  }
}
