package dev.countersign.policy.shell;

import java.util.List;

/**
 * A command about to be looked at.
 *
 * @param words as read; never empty
 * @param resolved the same words with constants of the script put in; for denying only
 */
record Call(List<Word> words, List<Word> resolved, Frame frame, Scope scope) {
  Call {
    boolean same = resolved == words || resolved.size() != words.size();
    words = List.copyOf(words);
    resolved = same ? words : List.copyOf(resolved);
  }

  static Call of(List<Word> words, Frame frame, Scope scope) {
    return new Call(words, words, frame, scope);
  }

  int size() {
    return words.size();
  }

  Word word(int index) {
    return words.get(index);
  }

  String text(int index) {
    return words.get(index).text();
  }

  /** Whether nothing but the words themselves is known of what its variables hold. */
  boolean unresolved() {
    return resolved == words || resolved.equals(words);
  }

  /** The program's name without its folder. */
  String program() {
    String name = text(0);
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Whether the name means the program everybody knows by it. */
  boolean wellKnown() {
    String name = text(0);
    int slash = name.lastIndexOf('/');
    return slash < 0
        || switch (name.substring(0, slash)) {
          case "/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin" -> true;
          default -> false;
        };
  }

  /** Whether nothing around it may change what its words mean. */
  boolean sure() {
    return wellKnown()
        && frame.whyNot() == null
        && frame.computed() == null
        && scope.taint() == null
        && !scope.isFunction(text(0))
        && !scope.isAlias(text(0));
  }

  List<Word> arguments() {
    return words.subList(1, words.size());
  }

  /** The command that begins at the given word. */
  Call from(int index, Frame inner) {
    List<Word> rest = words.subList(index, words.size());
    return new Call(
        rest, resolved == words ? rest : resolved.subList(index, words.size()), inner, scope);
  }

  Call with(Frame other) {
    return new Call(words, resolved, other, scope);
  }

  /** The words with single blanks between. */
  static String joined(List<Word> words) {
    StringBuilder text = new StringBuilder();
    for (Word word : words) {
      text.append(text.isEmpty() ? "" : " ").append(word.text());
    }
    return text.toString();
  }
}
