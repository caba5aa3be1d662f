package dev.countersign.policy.shell.syntax;

/** Reads arithmetic. Names in it are noted: their values are evaluated, and can run commands. */
final class Arithmetic {
  private static final String OPERATORS = "+-*/%<>=!&|^~?:,#";

  private final WordReader words;
  private final Expansions expansions;

  Arithmetic(WordReader words, Expansions expansions) {
    this.words = words;
    this.expansions = expansions;
  }

  /**
   * Refuses two parentheses, the text behind them given, that do not end in two adjacent ones. A
   * shell then reads a subshell instead, in a way not worth following.
   */
  static void requireClosed(Cursor c, int from) throws Unreadable {
    int depth = 0;
    int i = from;
    while (i < c.text.length()) {
      char ch = c.text.charAt(i);
      if (ch == '\\') {
        i++;
      } else if (ch == '\'' || ch == '"') {
        int end = c.text.indexOf(ch, i + 1);
        i = end < 0 ? c.text.length() : end;
      } else if (ch == '(') {
        depth++;
      } else if (ch == ')' && --depth < 0) {
        break;
      }
      i++;
    }
    int stop = Math.min(i, c.text.length());
    c.budget.spend(stop - from);
    if (stop + 1 >= c.text.length() || c.text.charAt(stop + 1) != ')') {
      throw new Unreadable("two parentheses that are no arithmetic");
    }
  }

  /** Reads up to, not with, {@code close} at its own level of parentheses. */
  void read(Pieces pieces, Cursor c, String close) throws Unreadable {
    int depth = 0;
    boolean operand = false;
    while (depth > 0 || !c.sees(close)) {
      char ch = c.peek();
      int start = c.at;
      if (c.atEnd()) {
        throw new Unreadable("arithmetic is not closed");
      }
      if (ch == ' ' || ch == '\t' || ch == '\n') {
        c.at++;
      } else if (Cursor.isNamePart(ch)) {
        refuseTwo(operand);
        name(pieces, c);
        operand = true;
      } else if (ch == '$' || ch == '`' || ch == '"') {
        expansion(pieces, c);
        operand = false;
      } else if (ch == '(' || ch == '[') {
        depth++;
        c.at++;
        operand = false;
      } else if (ch == ')' || ch == ']') {
        if (--depth < 0) {
          throw c.unexpected();
        }
        c.at++;
        operand = true;
      } else if (OPERATORS.indexOf(ch) >= 0) {
        c.at++;
        operand = false;
      } else {
        throw c.unexpected();
      }
      pieces.text.append(c.text, start, Math.min(c.at, start + 60));
    }
  }

  private static void refuseTwo(boolean operand) throws Unreadable {
    if (operand) {
      throw new Unreadable("arithmetic that reads like a command");
    }
  }

  private static void name(Pieces pieces, Cursor c) {
    int start = c.at;
    while (Cursor.isNamePart(c.peek()) && !c.atEnd()) {
      c.at++;
    }
    if (Cursor.isNameStart(c.text.charAt(start))) {
      pieces.arithmetic.add(c.text.substring(start, c.at));
    }
  }

  private void expansion(Pieces pieces, Cursor c) throws Unreadable {
    int mark = pieces.text.length();
    int known = pieces.variableCount();
    int before = c.at;
    if (c.peek() == '$') {
      expansions.dollar(pieces, c, true);
    } else if (c.peek() == '`') {
      expansions.backticks(pieces, c, true);
    } else {
      words.piece(pieces, c);
    }
    boolean number =
        c.text.charAt(before) == '$'
            && c.at == before + 2
            && "#?$!".indexOf(c.text.charAt(before + 1)) >= 0;
    if (!number) {
      pieces.arithmetic.add(c.text.substring(before, Math.min(c.at, before + 60)));
    }
    pieces.keepVariables(known);
    pieces.text.setLength(mark);
    pieces.expanded = true;
  }
}
