package dev.countersign.policy.shell.syntax;

import java.util.List;

/** Reads what begins with a dollar sign, backticks and process substitutions. */
final class Expansions {
  private final Parser parser;
  private final WordReader words;
  private final Arithmetic arithmetic;
  private final Parameters parameters;

  Expansions(Parser parser, WordReader words) {
    this.parser = parser;
    this.words = words;
    this.arithmetic = new Arithmetic(words, this);
    this.parameters = new Parameters(words, this);
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }

  /** Reads on from a dollar sign. */
  void dollar(Pieces pieces, Cursor c, boolean inQuotes) throws Unreadable {
    int start = c.at;
    int mark = pieces.text.length();
    char next = c.peek(1);
    if (next == '(') {
      if (c.peek(2) == '(') {
        Arithmetic.requireClosed(c, c.at + 3);
        c.at += 3;
        c.budget.enter();
        arithmetic.read(pieces, c, "))");
        c.budget.leave();
        c.expect("))");
        c.refuseNewlineSince(start);
      } else {
        c.at += 2;
        substitution(pieces, c);
      }
      pieces.expansion(mark, c.text, start, c.at);
    } else if (next == '{') {
      c.at += 2;
      c.budget.enter();
      parameters.read(pieces, c, inQuotes, start, mark);
      c.budget.leave();
      c.refuseNewlineSince(start);
    } else if (next == '\'' && !inQuotes) {
      c.at += 2;
      AnsiQuote.read(pieces, c);
      c.refuseNewlineSince(start);
    } else if (next == '"' && !inQuotes) {
      c.at += 2;
      words.doubled(pieces, c);
    } else {
      simple(pieces, c, inQuotes);
    }
  }

  private static void simple(Pieces pieces, Cursor c, boolean inQuotes) throws Unreadable {
    int start = c.at;
    int mark = pieces.text.length();
    char next = c.peek(1);
    int end = c.nameEnd(start + 1);
    if (end == start + 1 && c.at + 1 < c.text.length() && "0123456789@*#?-$!".indexOf(next) >= 0) {
      end = start + 2;
    }
    if (next == '[' || next == '\\' && c.peek(2) == '\n') {
      throw c.unexpected();
    }
    if (end == start + 1) {
      c.at++;
      // Another shell expands $=name and the like.
      pieces.expanded |= next == '=' || next == '~' || next == '^' || next == '+';
      pieces.text.append('$');
      return;
    }
    c.at = end;
    pieces.expansion(mark, c.text, start, end);
    pieces.variable(c.text.substring(start + 1, end), mark, !inQuotes);
  }

  /** Reads a script up to and with its closing parenthesis. */
  void substitution(Pieces pieces, Cursor c) throws Unreadable {
    int start = c.at;
    c.budget.enter();
    List<HereDocument> outer = c.openNested();
    pieces.runs.add(parser.until(c, ")"));
    c.expect(")");
    c.closeNested(outer, start);
    c.budget.leave();
  }

  /** Reads {@code <(…)} and {@code >(…)}. */
  void process(Pieces pieces, Cursor c) throws Unreadable {
    int start = c.at;
    int mark = pieces.text.length();
    c.at += 2;
    if (c.peek() == '(') {
      throw new Unreadable("two parentheses that are no arithmetic");
    }
    substitution(pieces, c);
    pieces.expansion(mark, c.text, start, c.at);
  }

  /** Reads a script between backticks. */
  void backticks(Pieces pieces, Cursor c, boolean inQuotes) throws Unreadable {
    int start = c.at;
    int mark = pieces.text.length();
    StringBuilder script = new StringBuilder();
    c.at++;
    while (c.peek() != '`') {
      if (c.atEnd()) {
        throw new Unreadable("a backtick is not closed");
      }
      char next = c.peek(1);
      if (c.peek() == '\\'
          && (next == '`' || next == '\\' || next == '$' || inQuotes && next == '"')) {
        c.at++;
      }
      script.append(c.peek());
      c.at++;
    }
    c.at++;
    c.refuseNewlineSince(start);
    c.budget.enter();
    pieces.runs.add(parser.whole(new Cursor(script.toString(), c.budget, c.posix)));
    c.budget.leave();
    pieces.expansion(mark, c.text, start, c.at);
  }
}
