package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Options by which a program leaves what a rule with a star was written for, and tasks beyond the
 * one it names, from {@code departures.txt}.
 */
public final class Departures {
  /** Options of Maven that only begin like one that takes a file. */
  private static final Set<String> WHOLE = Set.of("-fae", "-ff", "-fn");

  private static final Map<String, Set<String>> ANYWHERE = new HashMap<>();
  private static final Map<String, Set<String>> BEFORE = new HashMap<>();
  private static final Map<String, Set<String>> TARGETS = new HashMap<>();

  static {
    for (String line : Resources.lines("departures.txt")) {
      String[] fields = line.split("\\|");
      String names = fields[0].trim();
      Map<String, Set<String>> table =
          names.startsWith("targets ") ? TARGETS : names.startsWith("before ") ? BEFORE : ANYWHERE;
      Set<String> options = Set.of(fields[1].trim().split("\\s+"));
      for (String name : names.replaceFirst("^(targets|before) ", "").split(",")) {
        table.put(name, options);
      }
    }
  }

  private Departures() {}

  /**
   * What of a command a star does not cover, as a rule would name it: options without their values,
   * and tasks if the rule names one.
   *
   * @param tasks whether tasks count
   */
  public static List<String> of(List<String> words, boolean tasks) {
    if (words.isEmpty()) {
      return List.of();
    }
    String program = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
    String operand = words.stream().skip(1).filter(w -> !w.startsWith("-")).findFirst().orElse("");
    Set<String> anywhere =
        ANYWHERE.getOrDefault(program + " " + operand, ANYWHERE.getOrDefault(program, Set.of()));
    Set<String> before = BEFORE.getOrDefault(program, Set.of());
    Set<String> valued = tasks ? TARGETS.get(program) : null;
    if (anywhere.isEmpty() && valued == null) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    boolean first = true;
    for (int i = 1; i < words.size() && !words.get(i).equals("--"); i++) {
      String word = words.get(i);
      String last = words.get(i - 1);
      String option = option(word, anywhere);
      option = option == null && first ? option(word, before) : option;
      if (option != null) {
        found.add(option);
      } else if (valued != null
          && task(word)
          && !valued.contains(last)
          && option(last, anywhere) == null) {
        found.add(word);
      }
      first &= word.startsWith("-") || before.contains(last);
    }
    return found;
  }

  private static boolean task(String word) {
    return !word.startsWith("-") && !word.matches("[0-9.]+C?");
  }

  /** The option that a word is, shortened or with its value; null if it is none. */
  private static String option(String word, Set<String> options) {
    if (!word.startsWith("-") || WHOLE.contains(word)) {
      return null;
    }
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (options.contains(name)) {
      return name;
    }
    boolean digits = word.length() > 2 && Character.isDigit(word.charAt(2));
    for (String option : options) {
      boolean shortened = name.length() > 4 && option.startsWith("--") && option.startsWith(name);
      boolean glued =
          option.length() == 2 && word.startsWith(option) && !word.startsWith("--") && !digits;
      if (shortened || glued && !longer(word, options)) {
        return option;
      }
    }
    return null;
  }

  /** Whether the program's long options begin with one dash: then no value is glued on. */
  private static boolean longer(String word, Set<String> options) {
    return word.matches("-[a-z]{3,}(=.*)?")
        && options.stream().anyMatch(option -> option.matches("-[a-z]{3,}"));
  }
}
