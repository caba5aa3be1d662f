package dev.countersign.policy.shell.syntax;

/** Reads {@code $'…'}. */
final class AnsiQuote {
  private AnsiQuote() {}

  /** Reads on after the opening quote, up to and with the closing one. */
  static void read(Pieces pieces, Cursor c) throws Unreadable {
    pieces.quoted = true;
    while (c.peek() != '\'') {
      if (c.atEnd()) {
        throw new Unreadable("a single quote is not closed");
      }
      char ch = c.peek();
      c.at++;
      if (ch == '\\' && !c.atEnd()) {
        escape(pieces, c);
      } else {
        pieces.text.append(ch);
      }
    }
    c.at++;
  }

  private static void escape(Pieces pieces, Cursor c) throws Unreadable {
    char ch = c.peek();
    c.at++;
    switch (ch) {
      case 'a' -> add(pieces, 7);
      case 'b' -> add(pieces, 8);
      case 'e', 'E' -> add(pieces, 27);
      case 'f' -> add(pieces, 12);
      case 'n' -> add(pieces, 10);
      case 'r' -> add(pieces, 13);
      case 't' -> add(pieces, 9);
      case 'v' -> add(pieces, 11);
      case '\\', '\'', '"', '?' -> add(pieces, ch);
      case 'x' -> number(pieces, c, 16, 2, ch);
      case 'u' -> number(pieces, c, 16, 4, ch);
      case 'U' -> number(pieces, c, 16, 8, ch);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        c.at--;
        number(pieces, c, 8, 3, ch);
      }
      case 'c' -> throw new Unreadable("a control character in $'…'");
      default -> {
        pieces.text.append('\\').append(ch);
      }
    }
  }

  private static void number(Pieces pieces, Cursor c, int radix, int most, char kind)
      throws Unreadable {
    long value = 0;
    int digits = 0;
    while (digits < most && Character.digit(c.peek(), radix) >= 0 && c.peek() < 128) {
      value = value * radix + Character.digit(c.peek(), radix);
      c.at++;
      digits++;
    }
    boolean bytes = kind != 'u' && kind != 'U';
    if (digits == 0 || value == 0 || value > (bytes ? 127 : Character.MAX_CODE_POINT)) {
      throw new Unreadable("a byte in $'…' that is no plain character");
    }
    add(pieces, (int) value);
  }

  private static void add(Pieces pieces, int codePoint) {
    pieces.text.appendCodePoint(codePoint);
  }
}
