package dev.countersign.store.imports;

import java.util.List;

/** Patterns of shell commands, in the form that rules and overrides have here. */
final class Commands {
  /** What stands before a colon in a rule about a parameter, and so is no command. */
  private static final String PARAMETER =
      "(?s)(run_in_background|timeout|description|dangerouslyDisableSandbox):.*";

  private Commands() {}

  /** The texts a pattern fits: a last star after a blank, or {@code :*}, may stand for nothing. */
  static List<String> reach(String pattern) {
    return spaced(
        pattern.endsWith(":*") ? pattern.substring(0, pattern.length() - 2) + " *" : pattern);
  }

  /** The texts a pattern fits in which only a last star after a blank may stand for nothing. */
  static List<String> spaced(String glob) {
    return glob.endsWith(" *")
        ? List.of(glob.substring(0, glob.length() - 2), glob)
        : List.of(glob);
  }

  /** A literal text as it stands in a pattern. */
  static String literal(String text) {
    return text.replace("\\", "\\\\").replace("*", "\\*");
  }

  /** Why a pattern cannot stand in a rule as it is; null if it can. */
  static String obstacle(String pattern) {
    if (pattern.isBlank()) {
      return "it names no command";
    }
    if (!pattern.equals(pattern.strip())) {
      return "a rule cannot begin or end with a blank";
    }
    return pattern.matches(PARAMETER) ? "it would be read as a rule about a parameter" : null;
  }
}
