package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;

/** Performs brace expansion, within bounds. */
final class Braces {
  private static final int MOST = 64;
  private static final int LONGEST = 400;

  private Braces() {}

  /** What an unquoted word becomes; empty if it holds too much, or something unusual. */
  static List<String> expand(String word) {
    if (word.length() > LONGEST) {
      return List.of();
    }
    List<String> results = new ArrayList<>();
    List<String> work = new ArrayList<>(List.of(word));
    while (!work.isEmpty()) {
      if (results.size() + work.size() > MOST) {
        return List.of();
      }
      String next = work.remove(0);
      List<String> once = first(next);
      if (once == null) {
        return List.of();
      }
      if (once.isEmpty()) {
        results.add(next);
      } else {
        work.addAll(0, once);
      }
    }
    return results;
  }

  /** Expands the first brace; empty if there is none, null if it is a range nobody reads. */
  private static List<String> first(String word) {
    for (int open = word.indexOf('{'); open >= 0; open = word.indexOf('{', open + 1)) {
      List<String> choices = new ArrayList<>();
      int close = choices(word, open, choices);
      if (close < 0) {
        continue;
      }
      if (choices.size() == 1 && choices.get(0).contains("..")) {
        choices = range(choices.get(0));
        if (choices == null) {
          return null;
        }
      }
      if (choices.size() > 1) {
        List<String> words = new ArrayList<>();
        for (String choice : choices) {
          words.add(word.substring(0, open) + choice + word.substring(close + 1));
        }
        return words;
      }
    }
    return List.of();
  }

  private static int choices(String word, int open, List<String> choices) {
    int depth = 0;
    int start = open + 1;
    for (int i = open; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == ',' && depth == 1) {
        choices.add(word.substring(start, i));
        start = i + 1;
      } else if (c == '}' && --depth == 0) {
        choices.add(word.substring(start, i));
        return i;
      }
    }
    return -1;
  }

  private static List<String> range(String text) {
    if (!text.matches("[0-9]{1,4}\\.\\.[0-9]{1,4}")) {
      return null;
    }
    int dots = text.indexOf("..");
    int from = Integer.parseInt(text.substring(0, dots));
    int to = Integer.parseInt(text.substring(dots + 2));
    boolean padded = text.startsWith("0") && dots > 1 || text.charAt(dots + 2) == '0' && to > 0;
    if (padded || Math.abs(to - from) >= MOST) {
      return null;
    }
    List<String> numbers = new ArrayList<>();
    for (int i = from; from <= to ? i <= to : i >= to; i += from <= to ? 1 : -1) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }
}
