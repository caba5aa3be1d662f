package dev.countersign.store.imports;

import java.util.ArrayList;
import java.util.List;

/**
 * What a text must begin with if a regular expression fits at its start.
 *
 * @param beginnings one of them, each literal; empty if that cannot be told
 * @param exact whether every text with such a beginning fits
 */
record LiteralRegex(List<String> beginnings, boolean exact) {
  private static final String SPECIAL = ".^$*+?()[]{}|\\\"";
  private static final String ESCAPED = "-./_:=@ ";
  private static final int MAX_BEGINNINGS = 100;

  LiteralRegex {
    beginnings = List.copyOf(beginnings);
  }

  /** Reads an expression as far as it is literal: plain text, blanks, choices of plain texts. */
  static LiteralRegex of(String regex) {
    List<String> beginnings = List.of("");
    boolean exact = true;
    int at = 0;
    for (Piece piece = piece(regex, at); piece != null; piece = piece(regex, at)) {
      beginnings = join(beginnings, piece.choices());
      exact &= piece.exact();
      at = piece.end();
      if (beginnings.size() > MAX_BEGINNINGS) {
        return new LiteralRegex(List.of(), false);
      }
    }
    boolean all = at == regex.length();
    return !all && choice(regex.substring(at))
        ? new LiteralRegex(List.of(), false)
        : new LiteralRegex(beginnings, exact && all);
  }

  private record Piece(List<String> choices, boolean exact, int end) {}

  /** The literal piece at a place; null if there is none. */
  private static Piece piece(String regex, int at) {
    if (at == regex.length()) {
      return null;
    }
    char c = regex.charAt(at);
    boolean escape = c == '\\' && at + 1 < regex.length();
    if (c == ' ' || escape && regex.charAt(at + 1) == 's') {
      return blank(regex, at + (escape ? 2 : 1), escape);
    }
    Piece piece;
    if (c == '(') {
      piece = group(regex, at);
    } else if (escape && ESCAPED.indexOf(regex.charAt(at + 1)) >= 0) {
      piece = new Piece(List.of(regex.substring(at + 1, at + 2)), true, at + 2);
    } else {
      piece = plain(regex.substring(at, at + 1)) ? new Piece(List.of("" + c), true, at + 1) : null;
    }
    return piece == null || quantified(regex, piece.end()) ? null : piece;
  }

  /** White space, once or more: a rule compares words with one blank between them. */
  private static Piece blank(String regex, int end, boolean any) {
    if (end < regex.length() && regex.charAt(end) == '+') {
      return new Piece(List.of(" "), false, end + 1);
    }
    return quantified(regex, end) ? null : new Piece(List.of(" "), !any, end);
  }

  private static Piece group(String regex, int at) {
    int close = regex.indexOf(')', at);
    if (close < 0) {
      return null;
    }
    String inside = regex.substring(at + 1, close).replaceFirst("^\\?:", "");
    List<String> choices = List.of(inside.split("\\|", -1));
    return choices.stream().allMatch(LiteralRegex::plain)
        ? new Piece(choices, true, close + 1)
        : null;
  }

  private static boolean quantified(String regex, int end) {
    return end < regex.length() && "*+?{".indexOf(regex.charAt(end)) >= 0;
  }

  private static boolean plain(String text) {
    return text.chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0);
  }

  /** Whether the rest of an expression may be a choice between all before it and something else. */
  private static boolean choice(String rest) {
    int depth = 0;
    for (int i = 0; i < rest.length(); i++) {
      switch (rest.charAt(i)) {
        case '\\' -> i++;
        case '(' -> depth++;
        case ')' -> depth--;
        case '|' -> {
          if (depth <= 0) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  private static List<String> join(List<String> heads, List<String> tails) {
    List<String> joined = new ArrayList<>();
    heads.forEach(head -> tails.forEach(tail -> joined.add(head + tail)));
    return joined;
  }
}
