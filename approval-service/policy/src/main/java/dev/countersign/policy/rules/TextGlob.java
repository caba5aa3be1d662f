package dev.countersign.policy.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text with {@code *} for any run of characters; {@code \*} is a star. */
final class TextGlob {
  private final List<String> pieces;
  private final String head;
  private final String tail;
  private final boolean exact;
  private final boolean any;

  private TextGlob(List<String> pieces) {
    this.pieces = List.copyOf(pieces);
    this.head = pieces.get(0);
    this.tail = pieces.get(pieces.size() - 1);
    this.exact = pieces.size() == 1;
    this.any = !exact && pieces.stream().allMatch(String::isEmpty);
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
    return exact;
  }

  /** Whether it fits every text. */
  boolean any() {
    return any;
  }

  /** The text before the first star. */
  String head() {
    return head;
  }

  /** The longest text between two stars. */
  String longest() {
    String longest = head;
    for (String piece : pieces) {
      longest = piece.length() > longest.length() ? piece : longest;
    }
    return longest;
  }

  boolean matches(String text) {
    if (exact) {
      return text.equals(head);
    }
    if (!text.startsWith(head)
        || !text.endsWith(tail)
        || text.length() < head.length() + tail.length()) {
      return false;
    }
    int at = head.length();
    int end = text.length() - tail.length();
    for (int i = 1; i < pieces.size() - 1; i++) {
      String piece = pieces.get(i);
      int found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length() > end) {
        return false;
      }
      at = found + piece.length();
    }
    return true;
  }
}
