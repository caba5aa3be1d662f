package dev.countersign.store.imports;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What became of one line of a file.
 *
 * @param line from 1; 0 where no place can be named
 * @param source what stands there
 * @param becomes what it is here; empty if it was left out
 * @param note why; null if there is nothing to say
 */
public record ReportLine(
    int line, String source, Outcome outcome, List<String> becomes, String note) {
  /** What can become of a line. */
  public enum Outcome {
    @JsonProperty("carried_over")
    CARRIED_OVER("carried over"),
    /** Carried over, and narrower or stricter here than in the file. */
    @JsonProperty("tightened")
    TIGHTENED("tightened"),
    @JsonProperty("already_there")
    ALREADY_THERE("already there"),
    /** The document says otherwise, and stays. */
    @JsonProperty("kept")
    KEPT("kept"),
    @JsonProperty("left_out")
    LEFT_OUT("left out");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  public ReportLine {
    becomes = List.copyOf(becomes);
  }

  static ReportLine of(Item item, Outcome outcome, String note) {
    return new ReportLine(
        item.line(),
        item.source(),
        outcome,
        item.entries().stream().map(Entry::shown).toList(),
        note);
  }

  static ReportLine leftOut(Item item) {
    return of(item, Outcome.LEFT_OUT, item.note());
  }
}
