package dev.countersign.policy.shell.syntax;

import dev.countersign.policy.shell.syntax.Node.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads compound commands. */
final class CompoundReader {
  private final Parser parser;
  private final ConditionReader conditions;
  private final LoopReader loops;

  CompoundReader(Parser parser) {
    this.parser = parser;
    this.conditions = new ConditionReader(parser);
    this.loops = new LoopReader(parser, this);
  }

  /**
   * Reads the compound command or definition that stands here.
   *
   * @param word the reserved word that stands here, or an empty text
   * @return null, with nothing read, if it is a simple command
   */
  Node read(Cursor c, String word) throws Unreadable {
    if (c.peek() == '(' && !c.atEnd()) {
      return parentheses(c);
    }
    if (word.isEmpty()) {
      return null;
    }
    c.at += word.length();
    return switch (word) {
      case "{" -> closed(c, Kind.GROUP, null, List.of(), List.of(parser.body(c)), "}");
      case "if" -> ifElse(c);
      case "while", "until" -> {
        Node condition = parser.body(c);
        yield loops.loop(c, Kind.WHILE, null, List.of(), condition);
      }
      case "for", "select" -> loops.forIn(c, word.equals("for"));
      case "case" -> choice(c);
      case "[[" -> {
        if (c.posix) {
          throw new Unreadable("double brackets, which are a command to a plain shell");
        }
        List<RawWord> words = conditions.read(c);
        yield withRedirects(c, Kind.TEST, null, words, List.of());
      }
      case "function" -> function(c);
      case "coproc" -> coproc(c);
      case "]]", "time" -> {
        c.at -= word.length();
        yield null;
      }
      default -> {
        c.at -= word.length();
        throw c.unexpected();
      }
    };
  }

  private Node parentheses(Cursor c) throws Unreadable {
    if (c.peek(1) == '(') {
      c.at += 2;
      Arithmetic.requireClosed(c, c.at);
      if (c.posix) {
        throw new Unreadable("double parentheses, which a plain shell reads as subshells");
      }
      RawWord expression = arithmetic(c, "))");
      c.expect("))");
      return withRedirects(c, Kind.ARITHMETIC, null, List.of(expression), List.of());
    }
    c.at++;
    return closed(c, Kind.SUBSHELL, null, List.of(), List.of(parser.body(c)), ")");
  }

  RawWord arithmetic(Cursor c, String close) throws Unreadable {
    Pieces pieces = new Pieces();
    parser.words().arithmetic(pieces, c, close);
    return pieces.build();
  }

  Node closed(
      Cursor c, Kind kind, String variable, List<RawWord> words, List<Node> bodies, String close)
      throws Unreadable {
    if (close.equals(")")) {
      c.expect(close);
    } else {
      reserved(c, close);
    }
    return withRedirects(c, kind, variable, words, bodies);
  }

  private Node withRedirects(
      Cursor c, Kind kind, String variable, List<RawWord> words, List<Node> bodies)
      throws Unreadable {
    List<Node.Redirection> redirects = new ArrayList<>(0);
    c.skipBlanks();
    while (Redirections.begins(c)) {
      redirects.add(Redirections.read(c, parser.words()));
      c.skipBlanks();
    }
    return new Node.Compound(kind, variable, words, bodies, redirects);
  }

  static void reserved(Cursor c, String word) throws Unreadable {
    c.skipBlanks();
    if (!Reserved.at(c).equals(word)) {
      throw c.unexpected();
    }
    c.at += word.length();
  }

  private Node ifElse(Cursor c) throws Unreadable {
    List<Node> bodies = new ArrayList<>();
    bodies.add(parser.body(c));
    reserved(c, "then");
    bodies.add(parser.body(c));
    while (Reserved.at(c).equals("elif")) {
      c.at += 4;
      bodies.add(parser.body(c));
      reserved(c, "then");
      bodies.add(parser.body(c));
    }
    if (Reserved.at(c).equals("else")) {
      c.at += 4;
      bodies.add(parser.body(c));
    }
    return closed(c, Kind.IF, null, List.of(), bodies, "fi");
  }

  private Node choice(Cursor c) throws Unreadable {
    c.skipBlanks();
    if (!WordReader.startsWord(c)) {
      throw c.unexpected();
    }
    List<RawWord> words = new ArrayList<>();
    List<Node> bodies = new ArrayList<>();
    words.add(parser.words().word(c));
    c.skipNewlines();
    reserved(c, "in");
    c.skipNewlines();
    while (!Reserved.at(c).equals("esac")) {
      patterns(c, words);
      bodies.add(parser.until(c, null));
      if (!c.take(";;&") && !c.take(";;") && !c.take(";&")) {
        break;
      }
      c.skipNewlines();
    }
    return closed(c, Kind.CASE, null, words, bodies, "esac");
  }

  private void patterns(Cursor c, List<RawWord> words) throws Unreadable {
    if (c.take("(")) {
      c.skipBlanks();
    }
    do {
      c.skipBlanks();
      if (!WordReader.startsWord(c)) {
        throw c.unexpected();
      }
      words.add(parser.words().word(c));
      c.skipBlanks();
    } while (c.take("|"));
    c.expect(")");
  }

  private Node function(Cursor c) throws Unreadable {
    c.skipBlanks();
    if (!WordReader.startsWord(c)) {
      throw c.unexpected();
    }
    RawWord name = parser.words().word(c);
    if (name.quoted() || !name.literal()) {
      throw new Unreadable("a function of an unusual name");
    }
    c.skipBlanks();
    return parser.simple().define(c, name.text());
  }

  private Node coproc(Cursor c) throws Unreadable {
    c.skipBlanks();
    int start = c.at;
    int end = c.nameEnd(start);
    if (end > start) {
      c.at = end;
      c.skipBlanks();
      boolean named = c.peek() == '(' || Reserved.at(c).length() > 0;
      if (named && c.at > end) {
        return withRedirects(c, Kind.COPROC, null, List.of(), List.of(parser.command(c)));
      }
      c.at = start;
    }
    return new Node.Compound(Kind.COPROC, null, List.of(), List.of(parser.command(c)), List.of());
  }
}
