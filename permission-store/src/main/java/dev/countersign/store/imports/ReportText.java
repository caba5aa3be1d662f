package dev.countersign.store.imports;

import java.util.ArrayList;
import java.util.List;

/** Reports as people read them. */
public final class ReportText {
  private ReportText() {}

  /** The report of one file: a line of it a line, and what it came to. */
  public static String of(ImportReport report) {
    StringBuilder out = new StringBuilder();
    String format = report.format() == null ? "" : " (" + report.format() + ")";
    out.append("%s%s for %s%n".formatted(report.file(), format, report.user()));
    int left = report.lines().stream().mapToInt(l -> l.source().length()).max().orElse(0);
    int width = Math.min(left, 44);
    for (ReportLine line : report.lines()) {
      out.append(line(line, width));
    }
    return out.append("  ").append(summary(report)).append('\n').toString();
  }

  /** The report of a folder: each file's, and what all came to. */
  public static String of(FolderReport report) {
    StringBuilder out = new StringBuilder();
    report.reports().forEach(file -> out.append(of(file)));
    out.append(
        "%d documents %s, %d stay as they are, %d files refused%n"
            .formatted(
                report.changed(),
                report.dryRun() ? "would change (dry run)" : "changed",
                report.unchanged(),
                report.refused()));
    if (report.next() != null) {
      out.append("more files follow: after=%s%n".formatted(report.next()));
    }
    return out.toString();
  }

  private static String line(ReportLine line, int width) {
    String place = line.line() == 0 ? "" : String.valueOf(line.line());
    String what = line.outcome().words();
    if (!line.becomes().isEmpty()) {
      what += ": " + String.join(", ", line.becomes());
    }
    if (line.note() != null) {
      what += " (" + line.note() + ")";
    }
    return ("%6s  %-" + Math.max(1, width) + "s  %s%n").formatted(place, line.source(), what);
  }

  private static String summary(ImportReport report) {
    if (report.refused() != null) {
      return "nothing was taken: " + report.refused() + ": " + report.detail();
    }
    if (report.detail() != null) {
      return report.detail();
    }
    List<String> counts = new ArrayList<>();
    for (ReportLine.Outcome outcome : ReportLine.Outcome.values()) {
      long count = report.count(outcome);
      if (count > 0) {
        counts.add(count + " " + outcome.words());
      }
    }
    String sum = counts.isEmpty() ? "nothing in it" : String.join(", ", counts);
    if (!report.changed()) {
      return sum + "; nothing changes";
    }
    return report.dryRun()
        ? sum + "; dry run, nothing was written"
        : sum + "; stored as version " + report.version();
  }
}
