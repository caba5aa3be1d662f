package dev.countersign.policy;

/**
 * Every sentence an agent reads about a decision, made from who decided. Only what {@link #user}
 * makes may say that a person chose.
 */
public final class Reasons {
  private Reasons() {}

  /** A rule allowed it. */
  public static String allowedByRule(String rule) {
    return "Allowed by rule " + rule + ".";
  }

  /** A rule denied it. */
  public static String deniedByRule(String rule) {
    return "Denied by rule " + rule + ".";
  }

  /** A deny rule might hold for something that cannot be read. */
  public static String deniedUnread(String rule, String why) {
    return "Denied: " + why + ", and rule " + rule + " may forbid it. Write the command plainly.";
  }

  /**
   * A deny rule might hold for a path of which nobody told where it lies.
   *
   * @param told whether home and working directory were told
   */
  public static String deniedUntold(String rule, boolean told) {
    return "Denied: where a path leads is not known, and rule "
        + rule
        + " may forbid it. "
        + (told
            ? "Write the whole path."
            : "Send cwd and home with the call, or write the whole path.");
  }

  /**
   * A call names or may reach what a rule denies, and in this mode nobody is asked.
   *
   * @param spelling what would pass; null if only a narrower call would
   */
  public static String deniedTouched(String rule, String what, String spelling) {
    String passes =
        spelling == null
            ? "Name only what no rule denies."
            : "It passes with " + spelling + ", which leaves that out.";
    return "Denied by rule "
        + rule
        + ": the call names a denied "
        + what
        + " or may reach one. "
        + passes;
  }

  /** A rule wants a person. */
  public static String askedByRule(String rule) {
    return "Rule " + rule + " asks before this runs.";
  }

  /** A deny rule might hold; a person should look. */
  public static String askedUnread(String rule, String why) {
    return "Rule " + rule + " may forbid this, and it cannot be told: " + why + ".";
  }

  /** The agent itself would ask. */
  public static String askedByAgent(String why) {
    return "The agent asks before this runs: " + why;
  }

  /** An override settled it. */
  public static String override(OverrideLevel level, String resource) {
    return switch (level) {
      case ALWAYS -> "Allowed because the user settled this for " + resource + ": always.";
      case ASK -> "Asks because the user settled this for " + resource + ": ask.";
      case NEVER -> "Denied because the user settled this for " + resource + ": never.";
    };
  }

  /** A grant settled it. */
  public static String grant(String givenAt) {
    return "Allowed by the approval given at " + givenAt + ".";
  }

  /** The mode covers it. */
  public static String mode(PermissionMode mode) {
    return "Allowed by permission mode " + mode.word() + "; no person was asked.";
  }

  /** Plan mode does not write. */
  public static String planGate() {
    return "Denied by permission mode plan: nothing is changed before the plan was reviewed. Put the"
        + " change into the plan.";
  }

  /** What allows it elsewhere does not count in plan mode; for the trace. */
  public static String notInPlan(String what) {
    return what + " does not count in plan mode: it is not proven to only read";
  }

  /** Leaving the mode for a wider one. */
  public static String switchMode() {
    return "Switching to a wider mode needs a review of the plan by a person.";
  }

  /** Leaving the mode for a wider one, and nobody can be asked. */
  public static String switchModeHeadless() {
    return "Needs approval, and nobody can be asked in this session. Return the plan as the result.";
  }

  /** An edit of the user's document that loosens. */
  public static String documentEdit() {
    return "Only a person may loosen what the user settled.";
  }

  /** The same where the mode raises no prompt. */
  public static String documentEditUnasked(PermissionMode mode) {
    return "Denied by permission mode "
        + mode.word()
        + ": it raises no prompt, and only a person may loosen what the user settled. A person edits"
        + " the document.";
  }

  /** The catalogue allows it. */
  public static String byDefault() {
    return "Allowed by default for this tool.";
  }

  /** The catalogue wants a person. */
  public static String askedByDefault() {
    return "Asks by default for this tool.";
  }

  /** The catalogue forbids it. */
  public static String deniedByDefault() {
    return "Denied by default for this tool.";
  }

  /** It is outside what is covered, and a person may say. */
  public static String boundary(String why) {
    return "Needs approval: " + why + ".";
  }

  /** It needs a person, and none can be asked. */
  public static String nobody(String why) {
    return "Needs approval, and nobody can be asked in this session"
        + (why == null ? "." : ": " + why);
  }

  /** A person chose. */
  public static String user(boolean allowed, String person, String feedback) {
    String note = feedback == null || feedback.isBlank() ? "." : ": " + feedback;
    return (allowed ? "Approved by " : "Declined by ") + person + note;
  }

  /** The deadline passed. */
  public static String timeout(String deadline) {
    return "Nobody answered by " + deadline + "; not run.";
  }

  /** The agent or the session's end took it back. */
  public static String cancelled() {
    return "Withdrawn.";
  }

  /** So many commands and files met so many rules that nobody compares them all. */
  public static String tooComplex() {
    return system(
        "it has so many commands or files, and there are so many rules, that comparing them all takes"
            + " too long; split it into several calls");
  }

  /** It could not be decided. */
  public static String system(String why) {
    return "Could not be decided: " + why + ".";
  }
}
