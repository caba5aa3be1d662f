package dev.countersign.policy.shell.syntax;

import java.util.Set;

/** Words that mean something to the shell where a command may begin. */
final class Reserved {
  private static final Set<String> WORDS =
      Set.of(
          "if",
          "then",
          "else",
          "elif",
          "fi",
          "for",
          "while",
          "until",
          "do",
          "done",
          "case",
          "esac",
          "select",
          "function",
          "{",
          "}",
          "!",
          "[[",
          "time",
          "coproc",
          "in",
          "]]");

  private static final Set<String> CLOSING =
      Set.of("then", "else", "elif", "fi", "do", "done", "esac", "}");

  private static final String[][] BY_LETTER = new String[128][];

  static {
    for (String word : WORDS) {
      char first = word.charAt(0);
      BY_LETTER[first] = WORDS.stream().filter(w -> w.charAt(0) == first).toArray(String[]::new);
    }
  }

  private Reserved() {}

  static boolean is(String word) {
    return WORDS.contains(word);
  }

  /** The reserved word that stands here, not quoted and by itself; else an empty text. */
  static String at(Cursor c) {
    int end = c.at;
    int limit = Math.min(c.text.length(), c.at + 9);
    while (end < limit && !Cursor.isMeta(c.text.charAt(end))) {
      end++;
    }
    if (end == c.at || end == limit && end < c.text.length()) {
      return "";
    }
    char first = c.text.charAt(c.at);
    if (first >= BY_LETTER.length || BY_LETTER[first] == null) {
      return "";
    }
    for (String word : BY_LETTER[first]) {
      if (word.length() == end - c.at && c.sees(word)) {
        return word;
      }
    }
    return "";
  }

  /** Whether a word stands here that ends a list. */
  static boolean closes(Cursor c) {
    return CLOSING.contains(at(c));
  }
}
