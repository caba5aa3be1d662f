package dev.countersign.store.imports;

import java.time.Instant;
import java.util.List;

/** The reports that an import of one file may end with. */
record Outcomes(Upload upload, ReadFile file) {
  /** It was stored, or everything was there already. */
  ImportReport done(Merge.Merged merged, long version) {
    return report(merged.changed(), version, null, null, merged.lines());
  }

  /** What would be stored. */
  ImportReport would(Merge.Merged merged, long version) {
    long after = merged.changed() ? version + 1 : version;
    return report(merged.changed(), after, null, null, merged.lines());
  }

  ImportReport keptNewer(long version, Instant changed) {
    String detail =
        "kept: newer: the document was changed at %s, the file at %s"
            .formatted(changed, upload.modified());
    return report(false, version, null, detail, Merge.keptNewer(file.items()));
  }

  ImportReport importedBefore() {
    return report(false, 0, null, "this content was imported before", List.of());
  }

  ImportReport refused(String code, String detail) {
    return report(false, 0, code, detail, List.of());
  }

  private ImportReport report(
      boolean changed, long version, String refused, String detail, List<ReportLine> lines) {
    return new ImportReport(
        upload.user().user(),
        file.name(),
        file.format().word(),
        upload.dryRun(),
        changed,
        version,
        refused,
        detail,
        lines);
  }
}
