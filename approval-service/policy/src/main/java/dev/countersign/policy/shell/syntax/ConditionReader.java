package dev.countersign.policy.shell.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code [[ … ]]}. */
final class ConditionReader {
  private static final Set<String> NUMERIC = Set.of("-eq", "-ne", "-lt", "-le", "-gt", "-ge");
  private static final Set<String> BINARY =
      Set.of("=", "==", "!=", "=~", "-nt", "-ot", "-ef", "<", ">");
  private static final String UNARY = "abcdefghknoprstuvwxzGLNORS";

  private final Parser parser;

  ConditionReader(Parser parser) {
    this.parser = parser;
  }

  /** Reads on after the opening brackets, up to and with the closing ones. */
  List<RawWord> read(Cursor c) throws Unreadable {
    List<RawWord> words = new ArrayList<>();
    c.skipNewlines();
    expression(c, words);
    if (!Reserved.at(c).equals("]]")) {
      throw c.unexpected();
    }
    c.at += 2;
    return words;
  }

  private void expression(Cursor c, List<RawWord> words) throws Unreadable {
    while (true) {
      c.budget.enter();
      term(c, words);
      c.budget.leave();
      c.skipNewlines();
      if (!c.take("&&") && !c.take("||")) {
        return;
      }
      Parser.refuseBrokenOperator(c);
      c.skipNewlines();
    }
  }

  private void term(Cursor c, List<RawWord> words) throws Unreadable {
    while (Reserved.at(c).equals("!")) {
      c.at++;
      c.skipNewlines();
    }
    if (c.peek() == '(' && !c.atEnd()) {
      c.at++;
      c.skipNewlines();
      expression(c, words);
      c.expect(")");
      return;
    }
    RawWord left = operand(c);
    words.add(left);
    boolean unary =
        !left.quoted()
            && left.text().length() == 2
            && left.text().charAt(0) == '-'
            && UNARY.indexOf(left.text().charAt(1)) >= 0;
    c.skipBlanks();
    if (unary) {
      words.add(left.text().equals("-v") ? evaluated(operand(c)) : operand(c));
      return;
    }
    String operator = operator(c);
    if (NUMERIC.contains(operator)) {
      words.set(words.size() - 1, evaluated(left));
      words.add(evaluated(operand(c)));
    } else if (operator.equals("=~")
        || operator.equals("==")
        || operator.equals("!=")
        || operator.equals("=")) {
      words.add(pattern(c, operator.equals("=~")));
    } else if (!operator.isEmpty()) {
      words.add(operand(c));
    }
  }

  private RawWord operand(Cursor c) throws Unreadable {
    if (!WordReader.startsWord(c) || Reserved.at(c).equals("]]")) {
      throw c.unexpected();
    }
    RawWord word = parser.words().word(c);
    c.skipBlanks();
    return word;
  }

  private static String operator(Cursor c) throws Unreadable {
    if (c.peek() == '<' || c.peek() == '>') {
      c.at++;
      c.skipBlanks();
      return "<";
    }
    int end = c.at;
    while (end < c.text.length() && end < c.at + 4 && !Cursor.isMeta(c.text.charAt(end))) {
      end++;
    }
    String word = c.text.substring(c.at, end);
    if (!NUMERIC.contains(word) && !BINARY.contains(word)) {
      return "";
    }
    c.at = end;
    c.skipBlanks();
    return word;
  }

  /** Reads a pattern or regular expression, in which parentheses may stand. */
  private RawWord pattern(Cursor c, boolean regex) throws Unreadable {
    if (Reserved.at(c).equals("]]")) {
      throw c.unexpected();
    }
    Pieces pieces = new Pieces();
    int start = c.at;
    int depth = 0;
    while (!c.atEnd()) {
      char ch = c.peek();
      if (ch == '(') {
        if (!regex && (c.at == start || "?*+@!".indexOf(c.text.charAt(c.at - 1)) < 0)) {
          throw c.unexpected();
        }
        depth++;
        c.at++;
      } else if (ch == ')' && depth > 0) {
        depth--;
        c.at++;
      } else if (ch == '|' && (depth > 0 || regex && c.peek(1) != '|')) {
        c.at++;
      } else if (!WordReader.startsWord(c)) {
        break;
      } else {
        parser.words().piece(pieces, c);
      }
    }
    if (c.at == start || depth > 0) {
      throw c.unexpected();
    }
    c.skipBlanks();
    return pieces.build();
  }

  /** Its value is evaluated as arithmetic. */
  private static RawWord evaluated(RawWord word) {
    if (word.literal() && word.text().matches("[+-]?[0-9]*")) {
      return word;
    }
    List<String> names = new ArrayList<>(word.arithmetic());
    boolean oneVariable =
        word.variables().size() == 1 && word.variables().get(0).length() == word.text().length();
    names.add(oneVariable ? word.variables().get(0).name() : word.text());
    return new RawWord(
        word.text(),
        word.quoted(),
        word.continued(),
        word.glob(),
        word.quotedClass(),
        word.expanded(),
        word.braces(),
        word.variables(),
        word.runs(),
        names,
        word.hazard());
  }
}
