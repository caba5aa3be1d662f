package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.RawWord;

/** Knows which loops are worth walking round by round. */
final class Rounds {
  private static final int MOST = 8;

  private Rounds() {}

  /** Whether a loop goes over a few plain words. */
  static boolean few(Node.Compound loop) {
    boolean plain = loop.variable() != null && !loop.words().isEmpty();
    for (RawWord word : loop.words()) {
      plain &= word.literal() && word.text().length() < 200;
    }
    return plain && loop.words().size() <= MOST;
  }
}
