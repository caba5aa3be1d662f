package dev.countersign.store.imports;

import java.util.List;

/** Patterns in which {@code *} stands for any text, and nothing else stands for anything. */
final class Globs {
  private Globs() {}

  /** Whether some text could fit both. */
  static boolean meet(String a, String b) {
    int head = Math.min(head(a), head(b));
    if (!a.regionMatches(0, b, 0, head)) {
      return false;
    }
    boolean[] row = new boolean[b.length() + 1];
    row[0] = true;
    for (int j = 0; j < b.length(); j++) {
      row[j + 1] = row[j] && b.charAt(j) == '*';
    }
    for (int i = 0; i < a.length(); i++) {
      boolean star = a.charAt(i) == '*';
      boolean[] next = new boolean[b.length() + 1];
      next[0] = row[0] && star;
      for (int j = 0; j < b.length(); j++) {
        boolean otherStar = b.charAt(j) == '*';
        next[j + 1] =
            star && (row[j + 1] || next[j])
                || otherStar && (next[j] || row[j + 1])
                || !star && !otherStar && row[j] && a.charAt(i) == b.charAt(j);
      }
      row = next;
    }
    return row[b.length()];
  }

  /** Whether some text could fit one of each. */
  static boolean meet(List<String> a, List<String> b) {
    return a.stream().anyMatch(x -> b.stream().anyMatch(y -> meet(x, y)));
  }

  /** Whether every text that fits {@code inner} also fits {@code outer}; errs towards no. */
  static boolean covers(String outer, String inner) {
    int o = 0;
    int i = 0;
    int star = -1;
    int retry = 0;
    while (i < inner.length()) {
      char c = inner.charAt(i);
      if (o < outer.length() && outer.charAt(o) == '*') {
        star = o++;
        retry = i;
      } else if (o < outer.length() && outer.charAt(o) == c) {
        o++;
        i++;
      } else if (star >= 0) {
        o = star + 1;
        i = ++retry;
      } else {
        return false;
      }
    }
    return outer.substring(o).chars().allMatch(c -> c == '*');
  }

  /** Whether every text that fits one of {@code inner} fits one of {@code outer}. */
  static boolean covers(List<String> outer, List<String> inner) {
    return inner.stream().allMatch(x -> outer.stream().anyMatch(y -> covers(y, x)));
  }

  private static int head(String glob) {
    int star = glob.indexOf('*');
    return star < 0 ? glob.length() : star;
  }
}
