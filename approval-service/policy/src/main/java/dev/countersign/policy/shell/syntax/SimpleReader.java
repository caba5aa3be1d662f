package dev.countersign.policy.shell.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads simple commands, their assignments and redirections, and function definitions by name. */
final class SimpleReader {
  private static final Set<String> DECLARING =
      Set.of("declare", "typeset", "local", "export", "readonly", "alias", "eval", "let");

  private final Parser parser;

  SimpleReader(Parser parser) {
    this.parser = parser;
  }

  Node read(Cursor c) throws Unreadable {
    List<Node.Assignment> assignments = new ArrayList<>(0);
    List<RawWord> words = new ArrayList<>(4);
    List<Node.Redirection> redirects = new ArrayList<>(0);
    boolean declares = false;
    while (true) {
      c.skipBlanks();
      if (Redirections.begins(c)) {
        redirects.add(Redirections.read(c, parser.words()));
      } else if (c.peek() == '(' && !c.atEnd()) {
        return function(c, assignments, words, redirects);
      } else if (!WordReader.startsWord(c)) {
        break;
      } else {
        Node.Assignment assignment =
            words.isEmpty() || declares ? Assignments.read(c, parser.words()) : null;
        if (assignment != null && words.isEmpty()) {
          assignments.add(assignment);
        } else if (assignment != null) {
          words.add(Assignments.asWord(assignment));
        } else {
          RawWord word = parser.words().word(c);
          if (words.isEmpty() && word.continued() && Reserved.is(word.text())) {
            throw new Unreadable("a line continuation inside a reserved word");
          }
          words.add(word);
          declares |= DECLARING.contains(word.text());
        }
      }
    }
    if (assignments.isEmpty() && words.isEmpty() && redirects.isEmpty()) {
      throw c.unexpected();
    }
    return new Node.Simple(assignments, words, redirects);
  }

  private Node function(
      Cursor c,
      List<Node.Assignment> assignments,
      List<RawWord> words,
      List<Node.Redirection> redirects)
      throws Unreadable {
    boolean named = words.size() == 1 && assignments.isEmpty() && redirects.isEmpty();
    if (!named || words.get(0).quoted() || !words.get(0).literal()) {
      throw c.unexpected();
    }
    return define(c, words.get(0).text());
  }

  /** Reads on from the parentheses after a function's name. */
  Node define(Cursor c, String name) throws Unreadable {
    if (!name.matches("[A-Za-z0-9_.:@%+,~/-]+") || Reserved.is(name)) {
      throw new Unreadable("a function of an unusual name");
    }
    if (c.take("(")) {
      c.skipBlanks();
      c.expect(")");
    }
    c.skipNewlines();
    Node body = parser.command(c);
    boolean fits = body instanceof Node.Compound compound && compound.kind() != Node.Kind.COPROC;
    if (!fits) {
      throw new Unreadable("a function whose body is no compound command");
    }
    return new Node.Function(name, body);
  }
}
