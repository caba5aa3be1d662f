package dev.countersign.policy.shell;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which options a wrapper takes before the command it runs.
 *
 * @param values options that take a value
 * @param plain options without one that change nothing of interest
 * @param leading words of its own before the command
 */
record Options(Set<String> values, Set<String> plain, int leading) {
  static Options of(int leading, String values, String plain) {
    return new Options(set(values), set(plain), leading);
  }

  private static Set<String> set(String words) {
    return words.isBlank() ? Set.of() : new HashSet<>(List.of(words.trim().split("\\s+")));
  }

  /** The same options behind a subcommand, which is some of the leading words. */
  Options after(int words) {
    return new Options(values, plain, Math.max(0, leading - words));
  }

  /**
   * Where the command begins.
   *
   * @param index of its first word; the number of words if there is none
   * @param sure false if an option is not known, or a word not literal, so that it may begin
   *     elsewhere
   */
  record Start(int index, boolean sure) {}

  /** Finds the command in a wrapper's words. */
  Start find(List<Word> words) {
    int i = 1;
    boolean sure = true;
    while (i < words.size()) {
      Word word = words.get(i);
      String text = word.text();
      if (!word.literal()) {
        sure &= !text.startsWith("$") && !text.startsWith("-");
      }
      if (text.equals("--")) {
        i++;
        break;
      }
      if (text.length() < 2 || text.charAt(0) != '-') {
        break;
      }
      sure &= word.literal();
      int equals = text.indexOf('=');
      if (values.contains(text)) {
        i += 2;
      } else if (text.startsWith("--")) {
        String name = equals > 0 ? text.substring(0, equals) : text;
        sure &= plain.contains(name) || equals > 0 && values.contains(name);
        i++;
      } else {
        int taken = cluster(text);
        sure &= taken > 0;
        i += Math.max(1, taken);
      }
    }
    for (int skipped = 0; skipped < leading && i < words.size(); skipped++) {
      sure &= words.get(i).literal() || !words.get(i).text().startsWith("$");
      i++;
    }
    return new Start(Math.min(i, words.size()), sure);
  }

  /** How many words a cluster of short options takes; 0 if it is not known. */
  private int cluster(String text) {
    if (plain.contains(text) || plain.contains("-0") && text.matches("-[0-9]+")) {
      return 1;
    }
    for (int i = 1; i < text.length(); i++) {
      String option = "-" + text.charAt(i);
      if (values.contains(option)) {
        return i == text.length() - 1 ? 2 : 1;
      }
      if (!plain.contains(option)) {
        return 0;
      }
    }
    return 1;
  }
}
