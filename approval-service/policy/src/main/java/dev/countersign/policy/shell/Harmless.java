package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What proves that a command which is known to change something does not: {@code --dry-run}, {@code
 * git stash list}. A flag counts only where it surely is one: after no {@code --}, with no value
 * that turns it off, and behind no option that may take it for its own value. A plain word counts
 * only right behind the command.
 */
final class Harmless {
  private static final Set<String> ALWAYS = Set.of("--help", "--version");
  private static final Pattern OFF = Pattern.compile("(?i)f|false|n|no|none|0|off|");

  /** What the shell puts there may be any option, or the end of all options. */
  private static final Pattern UNKNOWN = Pattern.compile("(?s).*[$`].*|[*?\\[{].*");

  private final List<String> flags = new ArrayList<>();
  private final List<String> first = new ArrayList<>();
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<String> alone = new ArrayList<>();

  /** Adds a word that proves it. */
  void add(String token) {
    if (token.startsWith("~-")) {
      patterns.add(Pattern.compile(token.substring(1), Pattern.DOTALL));
    } else if (token.startsWith("-")) {
      flags.add(token);
    } else {
      first.add(token);
    }
  }

  /** Adds an option of which it is known that it takes no value. */
  void addAlone(String option) {
    alone.add(option);
  }

  /** Whether the words behind the command prove it. */
  boolean proves(List<String> rest) {
    if (rest.isEmpty()) {
      return false;
    }
    String next = rest.get(0);
    boolean on = rest.size() == 1 || !OFF.matcher(rest.get(1)).matches();
    if (ALWAYS.contains(next) && on || first.stream().anyMatch(token -> fits(token, next))) {
      return true;
    }
    if (rest.stream().anyMatch(this::turnsOff)) {
      return false;
    }
    for (int i = 0; i < rest.size() && !rest.get(i).equals("--"); i++) {
      if (option(rest, i) && flag(rest, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(String token, String word) {
    return token.startsWith("~")
        ? Pattern.matches("(?s)" + token.substring(1), word)
        : token.equals(word);
  }

  /** Whether a word may take a flag back. */
  private boolean turnsOff(String word) {
    if (UNKNOWN.matcher(word).matches()) {
      return true;
    }
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    boolean off = equals > 0 && OFF.matcher(word.substring(equals + 1)).matches();
    for (String flag : flags) {
      boolean taken = flag.startsWith("--") && name.length() > 5;
      if (off && flag.equals(name) || taken && ("--no-" + flag.substring(2)).startsWith(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the word at an index is surely no value of the option before it. */
  private boolean option(List<String> rest, int index) {
    if (index == 0) {
      return true;
    }
    String before = rest.get(index - 1);
    return !before.startsWith("-")
        || before.equals("-")
        || before.indexOf('=') > 0
        || alone.contains(before)
        || flags.contains(before)
        || letters(before, before.length());
  }

  private boolean flag(List<String> rest, int index) {
    String word = rest.get(index);
    String next = index + 1 < rest.size() ? rest.get(index + 1) : "-";
    for (String flag : flags) {
      int colon = flag.indexOf(':');
      if (colon > 0) {
        if (word.equals(flag.substring(0, colon)) && next.equals(flag.substring(colon + 1))) {
          return true;
        }
      } else if (flag.length() == 2) {
        int at = word.startsWith("--") ? -1 : word.indexOf(flag.charAt(1), 1);
        if (word.startsWith("-") && at > 0 && letters(word, at)) {
          return true;
        }
      } else if (word.startsWith(flag + "=") || word.equals(flag) && !OFF.matcher(next).matches()) {
        return true;
      }
    }
    return patterns.stream().anyMatch(pattern -> pattern.matcher(word).matches());
  }

  /** Whether a bundle of short options holds, before an index, only letters that take no value. */
  private boolean letters(String word, int end) {
    if (!word.startsWith("-") || word.startsWith("--")) {
      return false;
    }
    for (int i = 1; i < end; i++) {
      String option = "-" + word.charAt(i);
      if (!alone.contains(option) && !flags.contains(option)) {
        return false;
      }
    }
    return true;
  }
}
