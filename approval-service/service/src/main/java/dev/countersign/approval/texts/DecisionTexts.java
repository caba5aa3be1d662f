package dev.countersign.approval.texts;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What the agent is told where the policy itself did not speak. One place, so that no text says or
 * implies that a person approved what no person saw.
 */
public final class DecisionTexts {
  private static final int MOST_NAMED = 5;

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

  /** A person's word on a plan, and the mode they chose to go on in. */
  public static String planApprovedBy(String person, String feedback, String mode) {
    return "Approved by %s; the session goes on in %s%s"
        .formatted(person, mode, blank(feedback) ? "." : ": " + feedback);
  }

  /** A person edited the input into one that the policy denies. */
  public static String editedInputDenied(String person, String reason) {
    return "With the input as " + person + " edited it: " + reason;
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

  /** An edit of the user's document that loosens: what it would loosen stands in the reason. */
  public static String loosens(String reason, List<String> widens) {
    String some = String.join("; ", widens.subList(0, Math.min(widens.size(), MOST_NAMED)));
    int more = widens.size() - MOST_NAMED;
    return reason + " It would loosen: " + some + (more > 0 ? "; and " + more + " more." : ".");
  }

  /** An edit that was stored without anyone being asked. */
  public static String tightened(long version) {
    return "Allowed by default: the edit only tightens; no person was asked." + at(version);
  }

  /** A person's word on an edit that is stored now. */
  public static String editApprovedBy(String person, String feedback, long version) {
    String approved = approvedBy(person, feedback);
    return approved + (approved.endsWith(".") ? "" : ".") + at(version);
  }

  private static String at(long version) {
    return " The document is at version " + version + ".";
  }

  /** The document is another one than the edit was made for. */
  public static String documentMoved() {
    return "the document changed meanwhile; read it again and edit again.";
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
