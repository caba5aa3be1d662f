package dev.countersign.policy.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text with {@code *} for any run of characters; {@code \*} is a star. */
final class TextGlob {
  private final List<String> pieces;

  private TextGlob(List<String> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  static TextGlob of(String text) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && "*\\".indexOf(text.charAt(i + 1)) >= 0) {
        piece.append(text.charAt(++i));
      } else if (c == '*') {
        pieces.add(piece.toString());
        piece.setLength(0);
      } else {
        piece.append(c);
      }
    }
    pieces.add(piece.toString());
    return new TextGlob(pieces);
  }

  /** The same glob for text in lower case. */
  TextGlob ignoringCase() {
    return new TextGlob(pieces.stream().map(p -> p.toLowerCase(Locale.ROOT)).toList());
  }

  boolean exact() {
    return pieces.size() == 1;
  }

  /** Whether it fits every text. */
  boolean any() {
    return pieces.size() > 1 && pieces.stream().allMatch(String::isEmpty);
  }

  /** The text before the first star. */
  String head() {
    return pieces.get(0);
  }

  boolean matches(String text) {
    if (exact()) {
      return text.equals(head());
    }
    String tail = pieces.get(pieces.size() - 1);
    if (!text.startsWith(head())
        || !text.endsWith(tail)
        || text.length() < head().length() + tail.length()) {
      return false;
    }
    int at = head().length();
    int end = text.length() - tail.length();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length() > end) {
        return false;
      }
      at = found + piece.length();
    }
    return true;
  }
}
