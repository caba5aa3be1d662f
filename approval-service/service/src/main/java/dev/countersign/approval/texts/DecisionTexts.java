package dev.countersign.approval.texts;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the agent is told where the policy itself did not speak. One place, so that no text says or
 * implies that a person approved what no person saw.
 */
public final class DecisionTexts {
  private DecisionTexts() {}

  public static String approvedBy(String person, String feedback) {
    return "Approved by " + person + (blank(feedback) ? "." : ": " + feedback);
  }

  public static String approvedWithEdits(String person, String feedback) {
    return "Approved by "
        + person
        + " with edited input"
        + (blank(feedback) ? "." : ": " + feedback);
  }

  public static String declinedBy(String person, String feedback) {
    return "Declined by " + person + (blank(feedback) ? "." : ": " + feedback);
  }

  public static String timeout(Instant deadline) {
    return "Nobody answered by " + deadline.truncatedTo(ChronoUnit.SECONDS) + "; not run.";
  }

  public static String cancelled(String reason) {
    return blank(reason) ? "Withdrawn." : "Withdrawn. " + reason;
  }

  public static String undecidable(String why) {
    return "Could not be decided: " + why;
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
