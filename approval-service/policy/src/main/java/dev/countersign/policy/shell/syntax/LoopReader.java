package dev.countersign.policy.shell.syntax;

import dev.countersign.policy.shell.syntax.Node.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads loops. */
final class LoopReader {
  private final Parser parser;
  private final CompoundReader compound;

  LoopReader(Parser parser, CompoundReader compound) {
    this.parser = parser;
    this.compound = compound;
  }

  /** Reads on from {@code do}. */
  Node loop(Cursor c, Kind kind, String variable, List<RawWord> words, Node condition)
      throws Unreadable {
    CompoundReader.reserved(c, "do");
    Node body = parser.body(c);
    List<Node> bodies = condition == null ? List.of(body) : List.of(condition, body);
    return compound.closed(c, kind, variable, words, bodies, "done");
  }

  /** Reads on from {@code for} or {@code select}. */
  Node forIn(Cursor c, boolean arithmeticToo) throws Unreadable {
    c.skipBlanks();
    if (c.sees("((") && arithmeticToo) {
      return forArithmetic(c);
    }
    int end = c.nameEnd(c.at);
    if (end == c.at || end < c.text.length() && !Cursor.isMeta(c.text.charAt(end))) {
      throw c.unexpected();
    }
    String name = c.text.substring(c.at, end);
    c.at = end;
    List<RawWord> words = new ArrayList<>();
    c.skipBlanks();
    if (c.peek() == ';' && c.peek(1) != ';') {
      c.at++;
      c.skipNewlines();
      return forBody(c, name, words);
    }
    c.skipNewlines();
    if (Reserved.at(c).equals("in")) {
      c.at += 2;
      c.skipBlanks();
      while (WordReader.startsWord(c)) {
        words.add(parser.words().word(c));
        c.skipBlanks();
      }
      if (c.peek() == ';' && c.peek(1) != ';') {
        c.at++;
      } else if (c.peek() != '\n' || c.atEnd()) {
        throw c.unexpected();
      }
      c.skipNewlines();
    }
    return forBody(c, name, words);
  }

  private Node forArithmetic(Cursor c) throws Unreadable {
    c.at += 2;
    List<RawWord> words = new ArrayList<>();
    words.add(compound.arithmetic(c, ";"));
    c.expect(";");
    words.add(compound.arithmetic(c, ";"));
    c.expect(";");
    words.add(compound.arithmetic(c, "))"));
    c.expect("))");
    c.skipBlanks();
    if (c.peek() == ';' && c.peek(1) != ';') {
      c.at++;
    }
    c.skipNewlines();
    return forBody(c, null, words);
  }

  private Node forBody(Cursor c, String name, List<RawWord> words) throws Unreadable {
    if (Reserved.at(c).equals("{")) {
      c.at++;
      return compound.closed(c, Kind.FOR, name, words, List.of(parser.body(c)), "}");
    }
    return loop(c, Kind.FOR, name, words, null);
  }
}
