package dev.countersign.policy.shell.syntax;

import java.util.ArrayList;
import java.util.List;

/** Reads assignments. */
final class Assignments {
  private Assignments() {}

  /** Reads the assignment that stands here; null, with nothing read, if none does. */
  static Node.Assignment read(Cursor c, WordReader words) throws Unreadable {
    int start = c.at;
    int end = c.nameEnd(start);
    if (end == start || end >= c.text.length()) {
      return null;
    }
    if ("=+[".indexOf(c.text.charAt(end)) < 0) {
      return null;
    }
    String name = c.text.substring(start, end);
    RawWord subscript = null;
    c.at = end;
    if (c.peek() == '[') {
      subscript = subscript(c, words);
    }
    boolean append = c.peek() == '+' && c.peek(1) == '=';
    if (!append && c.peek() != '=') {
      c.at = start;
      return null;
    }
    c.at += append ? 2 : 1;
    if (c.peek() == '(') {
      if (subscript != null) {
        throw c.unexpected();
      }
      return new Node.Assignment(name, null, append, null, elements(c, words));
    }
    RawWord value = WordReader.startsWord(c) ? words.word(c) : RawWord.literal("");
    return new Node.Assignment(name, subscript, append, value, List.of());
  }

  /** Reads {@code […]}, behind which an assignment must follow. */
  private static RawWord subscript(Cursor c, WordReader words) throws Unreadable {
    int close = c.at;
    int open = 0;
    // Only a look ahead: whether this can be an assignment at all, on this line.
    while (close < c.text.length() && c.text.charAt(close) != '\n') {
      char ch = c.text.charAt(close);
      open += ch == '[' ? 1 : ch == ']' ? -1 : 0;
      if (open == 0) {
        break;
      }
      close++;
    }
    c.budget.spend(close - c.at);
    boolean assigns = c.text.startsWith("]=", close) || c.text.startsWith("]+=", close);
    if (!assigns) {
      throw new Unreadable("a subscript where a command should stand");
    }
    Pieces pieces = new Pieces();
    c.at++;
    c.budget.enter();
    while (c.peek() != ']') {
      if (c.atEnd()) {
        throw c.unexpected();
      }
      words.piece(pieces, c);
    }
    c.budget.leave();
    c.at++;
    RawWord word = pieces.build();
    boolean number = word.literal() && word.text().matches("[0-9]+");
    if (!number) {
      pieces.arithmetic.add(word.text());
    }
    return pieces.build();
  }

  private static List<RawWord> elements(Cursor c, WordReader words) throws Unreadable {
    List<RawWord> elements = new ArrayList<>();
    int start = c.at;
    c.at++;
    List<HereDocument> outer = c.openNested();
    c.skipNewlines();
    while (c.peek() != ')') {
      if (!WordReader.startsWord(c)) {
        throw c.unexpected();
      }
      elements.add(words.word(c));
      c.skipNewlines();
    }
    c.at++;
    c.closeNested(outer, start);
    return elements;
  }

  /** An assignment that stands as the argument of {@code export} and the like. */
  static RawWord asWord(Node.Assignment assignment) {
    Pieces pieces = new Pieces();
    pieces.text.append(assignment.name());
    if (assignment.subscript() != null) {
      pieces.hazard("a subscript, which is evaluated");
      pieces.runs.addAll(assignment.subscript().runs());
    }
    pieces.text.append(assignment.append() ? "+=" : "=");
    List<RawWord> values =
        assignment.value() == null ? assignment.elements() : List.of(assignment.value());
    for (RawWord value : values) {
      pieces.text.append(assignment.value() == null ? "(…)" : value.text());
      pieces.expanded |= !value.literal();
      pieces.quoted |= value.quoted();
      pieces.runs.addAll(value.runs());
      pieces.arithmetic.addAll(value.arithmetic());
      if (value.hazard() != null) {
        pieces.hazard(value.hazard());
      }
    }
    return pieces.build();
  }
}
