package dev.countersign.policy.shell.syntax;

/** Reads words: quotes, escapes, and whatever expands inside them. */
final class WordReader {
  private static final boolean[] PLAIN = new boolean[128];

  static {
    for (char c = 0; c < PLAIN.length; c++) {
      PLAIN[c] = !Cursor.isMeta(c) && "\\'\"$`*?[]{}".indexOf(c) < 0;
    }
  }

  private final Expansions expansions;

  WordReader(Parser parser) {
    expansions = new Expansions(parser, this);
  }

  /** Whether a word begins here. */
  static boolean startsWord(Cursor c) {
    return !c.atEnd() && (!Cursor.isMeta(c.peek()) || startsProcessSubstitution(c));
  }

  private static boolean startsProcessSubstitution(Cursor c) {
    return (c.peek() == '<' || c.peek() == '>') && c.peek(1) == '(';
  }

  /** Reads a word of a command, which must begin here. */
  RawWord word(Cursor c) throws Unreadable {
    int end = c.at;
    while (end < c.text.length() && plain(c.text.charAt(end))) {
      end++;
    }
    boolean whole = end == c.text.length() || Cursor.endsWord(c.text.charAt(end));
    if (whole && end > c.at && c.peek() != '~') {
      String text = c.text.substring(c.at, end);
      c.at = end;
      return RawWord.literal(text);
    }
    Pieces pieces = new Pieces();
    into(pieces, c);
    return pieces.build();
  }

  /** Whether a character means nothing but itself, wherever in a word it stands. */
  private static boolean plain(char c) {
    return c < PLAIN.length ? PLAIN[c] : c != Cursor.END;
  }

  /** Reads on to the end of a word. */
  void into(Pieces pieces, Cursor c) throws Unreadable {
    while (startsWord(c)) {
      piece(pieces, c);
    }
  }

  /** Reads one character, quote or expansion outside quotes. */
  void piece(Pieces pieces, Cursor c) throws Unreadable {
    char ch = c.peek();
    switch (ch) {
      case '\\' -> escaped(pieces, c);
      case '\'' -> single(pieces, c);
      case '"' -> {
        c.at++;
        doubled(pieces, c);
      }
      case '$' -> expansions.dollar(pieces, c, false);
      case '`' -> expansions.backticks(pieces, c, false);
      case '<', '>' -> expansions.process(pieces, c);
      default -> {
        pieces.plain(ch);
        c.at++;
      }
    }
  }

  private static void escaped(Pieces pieces, Cursor c) throws Unreadable {
    c.at++;
    if (c.atEnd()) {
      throw new Unreadable("ends in a backslash");
    }
    if (c.peek() == '\n') {
      pieces.continued = true;
    } else {
      pieces.quotedText(c.peek());
    }
    c.at++;
  }

  private static void single(Pieces pieces, Cursor c) throws Unreadable {
    int start = c.at + 1;
    int end = c.text.indexOf('\'', start);
    if (end < 0) {
      throw new Unreadable("a single quote is not closed");
    }
    pieces.quotedText(c.text.substring(start, end));
    c.at = end + 1;
    c.refuseNewlineSince(start);
  }

  /** Reads up to and with the closing double quote. */
  void doubled(Pieces pieces, Cursor c) throws Unreadable {
    int start = c.at;
    pieces.quoted = true;
    while (c.peek() != '"') {
      if (c.atEnd()) {
        throw new Unreadable("a double quote is not closed");
      }
      insideDoubled(pieces, c, true);
    }
    c.at++;
    c.refuseNewlineSince(start);
  }

  /** Reads one character or expansion as inside double quotes. */
  void insideDoubled(Pieces pieces, Cursor c, boolean quoteEscapes) throws Unreadable {
    char ch = c.peek();
    if (ch == '\\') {
      char next = c.peek(1);
      boolean escapes = next == '$' || next == '`' || next == '\\' || quoteEscapes && next == '"';
      if (next == '\n') {
        pieces.continued = true;
        c.at += 2;
      } else if (escapes) {
        pieces.quotedText(next);
        c.at += 2;
      } else {
        pieces.quotedText('\\');
        c.at++;
      }
    } else if (ch == '$') {
      expansions.dollar(pieces, c, true);
    } else if (ch == '`') {
      expansions.backticks(pieces, c, true);
    } else {
      pieces.quotedText(ch);
      c.at++;
    }
  }

  /** Reads the body of a here-document that expands. */
  RawWord document(String body, Budget budget, boolean posix) throws Unreadable {
    Cursor c = new Cursor(body, budget, posix);
    Pieces pieces = new Pieces();
    while (!c.atEnd()) {
      insideDoubled(pieces, c, false);
    }
    return pieces.build();
  }

  /** Reads arithmetic up to, not with, {@code close} at its own level. */
  void arithmetic(Pieces pieces, Cursor c, String close) throws Unreadable {
    expansions.arithmetic().read(pieces, c, close);
  }
}
