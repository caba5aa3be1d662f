package dev.countersign.policy.shell.syntax;

import java.util.List;

/** What a script is made of. */
public sealed interface Node {
  /** Statements one after the other. */
  record Sequence(List<Node> items) implements Node {}

  /** A statement that ended in {@code &}. */
  record Background(Node item) implements Node {}

  /**
   * {@code a && b || c}.
   *
   * @param and for each item but the first, whether {@code &&} stood before it
   */
  record AndOr(List<Node> items, List<Boolean> and) implements Node {}

  /** Two or more commands joined by pipes. */
  record Pipeline(List<Node> stages) implements Node {}

  /** Assignments, words and redirections. */
  record Simple(List<Assignment> assignments, List<RawWord> words, List<Redirection> redirects)
      implements Node {}

  /**
   * A compound command.
   *
   * @param variable the name a loop sets; else null
   * @param words what a loop goes over, what is tested, patterns, arithmetic
   * @param bodies its parts in order
   */
  record Compound(
      Kind kind,
      String variable,
      List<RawWord> words,
      List<Node> bodies,
      List<Redirection> redirects)
      implements Node {}

  /** A function definition. */
  record Function(String name, Node body) implements Node {}

  /** Kinds of compound command. */
  enum Kind {
    SUBSHELL,
    GROUP,
    IF,
    WHILE,
    FOR,
    CASE,
    TEST,
    ARITHMETIC,
    COPROC
  }

  /**
   * {@code name=value}, {@code name+=value}, {@code name[i]=value}, {@code name=(a b)}.
   *
   * @param subscript null without one
   * @param value null for an array
   * @param elements of an array; else empty
   */
  record Assignment(
      String name, RawWord subscript, boolean append, RawWord value, List<RawWord> elements) {
    public boolean plain() {
      return subscript == null && value != null && !append;
    }
  }

  /** A redirection. */
  record Redirection(String operator, RawWord target, HereDocument document) {}
}
