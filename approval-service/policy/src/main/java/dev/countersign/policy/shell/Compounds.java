package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.RawWord;

/** Walks compound commands: groups, branches and loops. */
final class Compounds {
  private static final int MOST_ROUNDS = 8;

  private final Walker walker;

  Compounds(Walker walker) {
    this.walker = walker;
  }

  void look(Node.Compound compound, Frame frame, Scope scope) {
    boolean own = compound.kind() == Node.Kind.SUBSHELL || compound.kind() == Node.Kind.COPROC;
    boolean repeats = compound.kind() == Node.Kind.FOR || compound.kind() == Node.Kind.WHILE;
    Scope inner = own ? scope.subshell() : scope;
    Frame now = compound.kind() == Node.Kind.COPROC ? frame.inBackground() : frame;
    Directory before = scope.directory();
    if (repeats && scope.moves()) {
      inner.directory(Directory.UNKNOWN);
    }
    if (compound.variable() != null) {
      scope.assign(compound.variable(), null);
    }
    walker.simple().words(compound, now, inner);
    for (Node.Redirection redirection : compound.redirects()) {
      now = walker.simple().redirect(redirection, now, inner);
    }
    if (compound.kind() == Node.Kind.FOR && fewRounds(compound) && scope.startRounds()) {
      rounds(compound, now, inner);
      scope.endRounds();
      scope.directory(scope.directory().or(before));
      return;
    }
    for (Node body : compound.bodies()) {
      int count = walker.parts().count();
      walker.walk(body, now, inner);
      now = walker.parts().count() > count ? now.afterFirst() : now;
    }
    if (!own) {
      scope.directory(scope.directory().or(before));
    }
  }

  /** Whether a loop goes over a few words, of which it is known what they look like. */
  private static boolean fewRounds(Node.Compound loop) {
    boolean plain = loop.variable() != null && !loop.words().isEmpty();
    for (RawWord word : loop.words()) {
      plain &= (word.literal() || word.runs().isEmpty()) && word.text().length() < 200;
    }
    return plain && loop.words().size() <= MOST_ROUNDS;
  }

  /** Walks a loop over a few words once for each of them. */
  private void rounds(Node.Compound loop, Frame frame, Scope scope) {
    Parts parts = walker.parts();
    int start = parts.count();
    int end = start;
    for (RawWord word : loop.words()) {
      scope.assign(loop.variable(), word.literal() ? word.text() : null);
      if (!word.literal()) {
        scope.seem(loop.variable(), Words.written(word, scope));
      }
      int from = parts.count();
      walker.walk(loop.bodies().get(0), frame, scope);
      end = from == start ? parts.count() : end;
      parts.dropRepeated(start, end, from);
    }
    scope.assign(loop.variable(), null);
  }
}
