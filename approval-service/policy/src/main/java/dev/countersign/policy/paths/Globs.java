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
      int end = classEnd(glob, g);
      if (end > 0) {
        return inClass(glob.substring(g + 1, end), c) ? end + 1 : -1;
      }
    }
    return element == c ? g + 1 : -1;
  }

  /** Where the class that begins at {@code from} ends; -1 if it does not. */
  private static int classEnd(String glob, int from) {
    int i = from + 1;
    if (i < glob.length() && (glob.charAt(i) == '!' || glob.charAt(i) == '^')) {
      i++;
    }
    for (boolean first = true; i < glob.length(); first = false) {
      char c = glob.charAt(i);
      if (c == ']' && !first) {
        return i;
      }
      int named = c == '[' ? namedEnd(glob, i) : -1;
      i = named > 0 ? named : c == '\\' ? i + 2 : i + 1;
    }
    return -1;
  }

  /** After {@code [:alpha:]}, {@code [=a=]} or {@code [.a.]}; -1 if none begins here. */
  private static int namedEnd(String set, int at) {
    if (at + 1 >= set.length() || ":=.".indexOf(set.charAt(at + 1)) < 0) {
      return -1;
    }
    int end = set.indexOf(set.charAt(at + 1) + "]", at + 2);
    return end < 0 ? -1 : end + 2;
  }

  /** Case was folded away, and languages differ in what is like a letter: a named class errs. */
  private static boolean inNamed(String named, char c) {
    return switch (named) {
      case "[:digit:]" -> Character.isDigit(c);
      case "[:punct:]" -> !Character.isLetterOrDigit(c) && !Character.isWhitespace(c);
      case "[:space:]", "[:blank:]" -> Character.isWhitespace(c);
      case "[:alpha:]", "[:upper:]", "[:lower:]" -> Character.isLetter(c);
      case "[:alnum:]" -> Character.isLetterOrDigit(c);
      case "[:xdigit:]" -> Character.digit(c, 16) >= 0;
      default -> named.indexOf(c, 2) >= 0;
    };
  }

  private static boolean inClass(String set, char c) {
    boolean negated = set.charAt(0) == '!' || set.charAt(0) == '^';
    boolean found = false;
    int i = negated ? 1 : 0;
    while (i < set.length()) {
      int named = set.charAt(i) == '[' ? namedEnd(set, i) : -1;
      if (named > 0) {
        found |= inNamed(set.substring(i, named), c);
        i = named;
        continue;
      }
      i += set.charAt(i) == '\\' && i + 1 < set.length() ? 1 : 0;
      if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
        found |= set.charAt(i) <= c && c <= set.charAt(i + 2);
        i += 3;
      } else {
        found |= set.charAt(i) == c;
        i++;
      }
    }
    return found != negated;
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
    int common = Math.min(head(a), head(b));
    String tailA = tail(a);
    String tailB = tail(b);
    return a.regionMatches(0, b, 0, common) && (tailA.endsWith(tailB) || tailB.endsWith(tailA));
  }

  /** What a name that fits the glob surely ends with. */
  private static String tail(String glob) {
    int i = glob.length();
    while (i > 0 && "*?[]\\".indexOf(glob.charAt(i - 1)) < 0) {
      i--;
    }
    return glob.substring(i);
  }

  private static int head(String glob) {
    int i = 0;
    while (i < glob.length() && "*?[\\".indexOf(glob.charAt(i)) < 0) {
      i++;
    }
    return i;
  }
}
