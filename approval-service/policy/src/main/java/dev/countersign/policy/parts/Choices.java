package dev.countersign.policy.parts;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The globs that one with choices in braces stands for. */
final class Choices {
  private static final int MOST = 64;
  private static final int LONGEST = 400;

  private static final Pattern UNPLAIN = Pattern.compile("[{}(\\\\]");
  private static final Pattern CHOICE = Pattern.compile("[@!+*?]?\\([^()/{}]*\\)|\\{[^(){}/]*}");

  /** Such a choice may stand for the beginning of any path. */
  private static final Pattern CHOICE_FIRST = Pattern.compile("^([@!+*?]?\\(|\\{)[^)}]*(\\.\\.|~)");

  private Choices() {}

  /** A glob without choices: each becomes a star; {@code **} where it might reach other folders. */
  static String widened(String glob) {
    if (!UNPLAIN.matcher(glob).find()) {
      return glob;
    }
    String wide = CHOICE.matcher(glob).replaceAll("*");
    boolean known = !UNPLAIN.matcher(wide).find();
    return known && !CHOICE_FIRST.matcher(glob).find() ? wide : "**";
  }

  /**
   * One glob for each way to choose, nested braces too. A glob stays as it is where programs differ
   * in what its braces mean: beside a class, an escape, parentheses or a range, where one is not
   * closed, and where there are very many.
   */
  static List<String> of(String glob) {
    boolean odd = glob.matches("(?s).*[\\[\\]\\\\()].*") || glob.contains("..");
    if (glob.indexOf('{') < 0 || odd || glob.length() > LONGEST) {
      return List.of(glob);
    }
    List<String> done = new ArrayList<>();
    List<String> work = new ArrayList<>(List.of(glob));
    while (!work.isEmpty()) {
      String next = work.remove(work.size() - 1);
      int open = next.indexOf('{');
      if (open < 0 && next.indexOf('}') < 0) {
        done.add(next);
      } else if (open < 0 || !choose(next, open, work)) {
        return List.of(glob);
      }
      if (done.size() + work.size() > MOST) {
        return List.of(glob);
      }
    }
    return done;
  }

  /** Adds what the brace at an index may become; false if it is not closed. */
  private static boolean choose(String glob, int open, List<String> into) {
    List<String> choices = new ArrayList<>();
    int depth = 0;
    int start = open + 1;
    for (int i = open; i < glob.length(); i++) {
      char c = glob.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == ',' && depth == 1 || depth == 0) {
        choices.add(glob.substring(start, i));
        start = i + 1;
      }
      if (depth == 0) {
        String end = glob.substring(i + 1);
        choices.forEach(choice -> into.add(glob.substring(0, open) + choice + end));
        return choices.size() <= MOST;
      }
    }
    return false;
  }
}
