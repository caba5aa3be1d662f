package dev.countersign.policy.shell;

import java.util.List;

/** The positional parameters of a script, as far as they are known. */
final class Positions {
  private static final int MOST = 9;

  private Positions() {}

  /** Sets {@code $1}, {@code $2} … and {@code $@}. */
  static void set(Scope scope, List<Word> words) {
    boolean literal = true;
    for (int i = 0; i < Math.min(MOST, words.size()); i++) {
      Word word = words.get(i);
      literal &= word.literal();
      scope.assign(Integer.toString(i + 1), word.literal() ? word.text() : null);
    }
    boolean all = literal && words.size() <= MOST && !words.isEmpty();
    String joined = all ? Call.joined(words) : null;
    scope.assign("@", joined);
    scope.assign("*", joined);
  }
}
