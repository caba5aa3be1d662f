package dev.countersign.policy.shell.syntax;

/** Reads {@code ${…}}. */
final class Parameters {
  private final WordReader words;
  private final Expansions expansions;

  Parameters(WordReader words, Expansions expansions) {
    this.words = words;
    this.expansions = expansions;
  }

  /**
   * Reads on after the opening brace, up to and with the closing one.
   *
   * @param start where the dollar sign stood
   * @param mark how long the word's text was before it
   */
  void read(Pieces pieces, Cursor c, boolean inQuotes, int start, int mark) throws Unreadable {
    int known = pieces.variableCount();
    if (c.peek() == '!' && c.peek(1) != '}') {
      pieces.hazard("${!…} expands whatever name the variable holds");
      c.at++;
    } else if (c.peek() == '#' && c.peek(1) != '}') {
      c.at++;
    }
    int from = c.at;
    String name = name(c);
    boolean plain = from == start + 2 && c.peek() == '}';
    if (c.peek() == '[') {
      subscript(pieces, c);
    }
    int operator = c.at;
    if (c.peek() == '@') {
      transformation(pieces, c);
    } else if (c.peek() == '=' || c.sees(":=")) {
      if (!name.equals(name.toLowerCase(java.util.Locale.ROOT))) {
        pieces.hazard("${" + name + ":=…} changes the environment");
      }
    }
    rest(pieces, c, inQuotes);
    if (c.text.charAt(operator) == ':' && "-=?+".indexOf(c.text.charAt(operator + 1)) < 0) {
      numbers(pieces, c.text.substring(operator, c.at));
    }
    c.at++;
    pieces.keepVariables(known);
    pieces.expansion(mark, c.text, start, c.at);
    if (plain) {
      pieces.variable(name, mark, !inQuotes);
    }
  }

  private static String name(Cursor c) throws Unreadable {
    int start = c.at;
    int end = c.nameEnd(start);
    if (end == start) {
      end = digits(c, start);
    }
    if (end == start && !c.atEnd() && "@*#?-$!".indexOf(c.peek()) >= 0) {
      end++;
    }
    if (end == start) {
      throw c.unexpected();
    }
    c.at = end;
    return c.text.substring(start, end);
  }

  private static boolean isDigit(char ch) {
    return ch >= '0' && ch <= '9';
  }

  private static int digits(Cursor c, int from) {
    int end = from;
    while (end < c.text.length() && isDigit(c.text.charAt(end))) {
      end++;
    }
    return end;
  }

  private void subscript(Pieces pieces, Cursor c) throws Unreadable {
    c.at++;
    if ((c.peek() == '@' || c.peek() == '*') && c.peek(1) == ']') {
      c.at += 2;
      return;
    }
    expansions.arithmetic().read(pieces, c, "]");
    c.expect("]");
  }

  private static void transformation(Pieces pieces, Cursor c) throws Unreadable {
    if (c.peek(2) != '}' || "QUuLEAKak".indexOf(c.peek(1)) < 0) {
      pieces.hazard("${…@" + c.peek(1) + "} can run code in the value");
    }
  }

  private void rest(Pieces pieces, Cursor c, boolean inQuotes) throws Unreadable {
    while (c.peek() != '}') {
      if (c.atEnd()) {
        throw new Unreadable("${ is not closed");
      }
      if (inQuotes && c.peek() == '\'') {
        throw new Unreadable("a single quote inside a quoted ${…}");
      }
      if (inQuotes && c.peek() == '"') {
        words.piece(pieces, c);
      } else if (inQuotes && c.peek() == '\\' && c.peek(1) == '}') {
        c.at += 2;
      } else if (inQuotes) {
        words.insideDoubled(pieces, c, true);
      } else if ((c.peek() == '<' || c.peek() == '>') && c.peek(1) != '(') {
        c.at++;
      } else {
        words.piece(pieces, c);
      }
    }
  }

  private static void numbers(Pieces pieces, String expression) {
    int i = 0;
    while (i < expression.length()) {
      int start = i;
      while (i < expression.length() && Cursor.isNamePart(expression.charAt(i))) {
        i++;
      }
      if (i > start && Cursor.isNameStart(expression.charAt(start))) {
        pieces.arithmetic.add(expression.substring(start, i));
      }
      i = Math.max(i, start + 1);
    }
  }
}
