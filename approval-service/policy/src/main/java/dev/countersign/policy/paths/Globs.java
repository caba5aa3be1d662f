package dev.countersign.policy.paths;

import java.util.List;

/** Globs over one path segment ({@code * ? [a-z]}) and over paths ({@code **}). */
final class Globs {
  private Globs() {}

  static boolean wild(String segment) {
    return segment.indexOf('*') >= 0 || segment.indexOf('?') >= 0 || segment.indexOf('[') >= 0;
  }

  /** Whether a segment fits a glob. */
  static boolean fits(String glob, String text) {
    int g = 0;
    int t = 0;
    int starGlob = -1;
    int starText = 0;
    while (t < text.length()) {
      int next = g < glob.length() && glob.charAt(g) != '*' ? step(glob, g, text.charAt(t)) : -1;
      if (next >= 0) {
        g = next;
        t++;
      } else if (g < glob.length() && glob.charAt(g) == '*') {
        starGlob = ++g;
        starText = t;
      } else if (starGlob >= 0) {
        g = starGlob;
        t = ++starText;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }

  /** The index after the glob element at {@code g} if it fits the character; -1 if it does not. */
  private static int step(String glob, int g, char c) {
    char element = glob.charAt(g);
    if (element == '?') {
      return g + 1;
    }
    if (element == '\\' && g + 1 < glob.length()) {
      return glob.charAt(g + 1) == c ? g + 2 : -1;
    }
    if (element == '[') {
      int end = Brackets.end(glob, g);
      if (end > 0) {
        return Brackets.hold(glob.substring(g + 1, end), c) ? end + 1 : -1;
      }
    }
    return element == c ? g + 1 : -1;
  }

  /**
   * Whether a pattern fits a path.
   *
   * @param below whether it is enough that the pattern fits a folder above
   */
  static boolean fits(List<String> pattern, List<String> path, boolean below) {
    int p = 0;
    int at = 0;
    int afterStars = -1;
    int tried = 0;
    while (true) {
      boolean ended = p == pattern.size();
      if (ended && (below || at == path.size())) {
        return true;
      }
      if (!ended && pattern.get(p).equals("**")) {
        afterStars = ++p;
        tried = at;
      } else if (!ended && at < path.size() && fits(pattern.get(p), path.get(at))) {
        p++;
        at++;
      } else if (afterStars >= 0 && tried < path.size()) {
        p = afterStars;
        at = ++tried;
      } else {
        return false;
      }
    }
  }

  /** Whether some path could fit both patterns; errs towards yes. */
  static boolean meet(List<String> a, List<String> b) {
    boolean[] row = new boolean[b.size() + 1];
    row[0] = true;
    for (int j = 0; j < b.size(); j++) {
      row[j + 1] = row[j] && b.get(j).equals("**");
    }
    for (String segment : a) {
      boolean deep = segment.equals("**");
      boolean[] next = new boolean[b.size() + 1];
      next[0] = row[0] && deep;
      for (int j = 0; j < b.size(); j++) {
        boolean otherDeep = b.get(j).equals("**");
        next[j + 1] =
            deep && (row[j + 1] || next[j])
                || otherDeep && (next[j] || row[j + 1])
                || !deep && !otherDeep && row[j] && meet(segment, b.get(j));
      }
      row = next;
    }
    return row[b.size()];
  }

  /** Whether some segment could fit both globs; errs towards yes. */
  static boolean meet(String a, String b) {
    if (!wild(a)) {
      return wild(b) ? fits(b, a) : a.equals(b);
    }
    if (!wild(b)) {
      return fits(a, b);
    }
    String tailA = tail(a);
    String tailB = tail(b);
    return beginsMeet(a, b) && (tailA.endsWith(tailB) || tailB.endsWith(tailA));
  }

  /** Whether some character could stand in both globs at each place before the first star. */
  private static boolean beginsMeet(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length() && a.charAt(i) != '*' && b.charAt(j) != '*') {
      if (literal(a, i)
          ? step(b, j, a.charAt(i)) < 0
          : literal(b, j) && step(a, i, b.charAt(j)) < 0) {
        return false;
      }
      i = next(a, i);
      j = next(b, j);
    }
    return true;
  }

  private static boolean literal(String glob, int at) {
    return "?[\\".indexOf(glob.charAt(at)) < 0;
  }

  /** The index after the glob element that begins at {@code at}. */
  private static int next(String glob, int at) {
    int end = glob.charAt(at) == '[' ? Brackets.end(glob, at) : -1;
    return end > 0 ? end + 1 : glob.charAt(at) == '\\' ? at + 2 : at + 1;
  }

  /** What a name that fits the glob surely ends with. */
  private static String tail(String glob) {
    int i = glob.length();
    while (i > 0 && "*?[]\\".indexOf(glob.charAt(i - 1)) < 0) {
      i--;
    }
    return glob.substring(i);
  }
}
