package dev.countersign.policy.shell;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What is known of environment variables, from the table {@code variables.txt}. */
final class Variables {
  private static final Pattern COMMANDS =
      Pattern.compile(
          "PS[0-4]|PROMPT_COMMAND|LESSOPEN|.*(_COMMAND|PAGER|EDITOR|VISUAL|ASKPASS|BROWSER)"
              + "|GIT_(SSH|EXTERNAL_DIFF|PROXY_COMMAND|CONFIG_VALUE_[0-9]+)|RSYNC_RSH|CVS_RSH");

  private static final Set<String> HARMLESS = new HashSet<>();
  private static final Set<String> RISKY = new HashSet<>();
  private static final Set<String> RISKY_BEGINNINGS = new HashSet<>();

  static {
    for (String line : Resources.lines("variables.txt")) {
      List<String> words = List.of(line.trim().split("\\s+"));
      for (String name : words.subList(1, words.size())) {
        if (words.get(0).equals("harmless")) {
          HARMLESS.add(name);
        } else if (name.endsWith("*")) {
          RISKY_BEGINNINGS.add(name.substring(0, name.length() - 1));
        } else {
          RISKY.add(name);
        }
      }
    }
  }

  private Variables() {}

  /** Whether a command may be allowed with it set. */
  static boolean harmless(String name) {
    return HARMLESS.contains(name);
  }

  /** Whether its value is a command that some program runs. */
  static boolean holdsCommand(String name) {
    return COMMANDS.matcher(name).matches();
  }

  /** Whether setting it in the shell can change what later commands run. */
  static boolean risky(String name) {
    if (HARMLESS.contains(name)) {
      return false;
    }
    boolean risky = RISKY.contains(name);
    for (int end = 1; end <= Math.min(name.length(), 24) && !risky; end++) {
      risky = RISKY_BEGINNINGS.contains(name.substring(0, end));
    }
    return risky;
  }
}
