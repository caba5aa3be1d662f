package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Budget;
import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.Parser;
import dev.countersign.policy.shell.syntax.RawWord;
import dev.countersign.policy.shell.syntax.Unreadable;
import java.util.List;
import java.util.Set;

/** Walks what was read and hands every simple command on. */
final class Walker {
  private static final Set<String> COUNTERS =
      Set.of("RANDOM", "SRANDOM", "SECONDS", "EPOCHSECONDS", "LINENO", "UID", "EUID", "PPID");

  private final Parts parts;
  private final Budget budget;
  private final Guesses guesses;
  private final Programs programs;
  private final SimpleCommands simple;
  private final Compounds compounds;

  Walker(List<Part> into, Budget budget) {
    this(into, budget, 0);
  }

  /**
   * A walker.
   *
   * @param guess how many guesses it is inside of
   */
  Walker(List<Part> into, Budget budget, int guess) {
    this.guesses = new Guesses(budget, guess);
    this.parts = new Parts(into);
    this.budget = budget;
    this.programs = new Programs(this);
    this.simple = new SimpleCommands(this);
    this.compounds = new Compounds(this);
  }

  Parts parts() {
    return parts;
  }

  Programs programs() {
    return programs;
  }

  SimpleCommands simple() {
    return simple;
  }

  Guesses guesses() {
    return guesses;
  }

  /**
   * Reads and walks a script.
   *
   * @param posix whether a plain shell reads it, in which some things mean something else
   * @return what is wrong with it; null if it was read to its end
   */
  String script(String text, Frame frame, Scope scope, boolean posix) {
    if (budget.depth() >= Budget.MAX_DEPTH || frame.depth() > Frame.DEEPEST) {
      unread("nested deeper than this reader goes", frame);
      return "nested deeper than this reader goes";
    }
    Parser.Progress progress = Parser.parse(text, budget, posix);
    new Survey(scope).look(progress.read());
    int level = budget.depth();
    try {
      budget.enter();
      sequence(progress.read(), frame, scope);
    } catch (Unreadable e) {
      return e.getMessage();
    } finally {
      budget.returnTo(level);
    }
    if (progress.problem() != null) {
      crude(text.substring(progress.failedAt()), frame, scope);
    }
    return progress.problem();
  }

  private void crude(String text, Frame frame, Scope scope) {
    try {
      budget.spend(text.length());
      new CrudeReader(this, frame, scope).read(text);
    } catch (Unreadable e) {
      unread(e.getMessage(), frame);
    }
  }

  /** Something runs here of which not even the programs are known. */
  private void unread(String why, Frame frame) {
    parts.computed(List.of(new Word("…", Word.Certainty.EXPANDED)), frame.computed(why));
  }

  void sequence(List<Node> items, Frame frame, Scope scope) {
    Frame now = frame;
    for (Node item : items) {
      int before = parts.count();
      walk(item, now, scope);
      if (parts.count() > before) {
        now = now.afterFirst();
      }
    }
  }

  /** Walks scripts that run in subshells of their own. */
  void substitutions(List<Node> scripts, Frame frame, Scope scope) {
    for (Node script : scripts) {
      walk(
          script,
          new Frame(
              List.of(),
              frame.wrappedIn(),
              frame.whyNot(),
              null,
              frame.background(),
              Input.UNKNOWN,
              frame.depth()),
          scope.subshell());
    }
  }

  void walk(Node node, Frame frame, Scope scope) {
    if (node instanceof Node.Sequence sequence) {
      sequence(sequence.items(), frame, scope);
    } else if (node instanceof Node.Background background) {
      walk(background.item(), frame.inBackground(), scope.subshell());
    } else if (node instanceof Node.AndOr list) {
      andOr(list, frame, scope);
    } else if (node instanceof Node.Pipeline pipeline) {
      pipeline(pipeline, frame, scope);
    } else if (node instanceof Node.Simple command) {
      Directory before = scope.directory();
      simple.look(command, frame, scope);
      // Standing alone, a cd may fail and what follows runs where it was.
      scope.directory(before.equals(scope.directory()) ? before : scope.directory().or(before));
    } else if (node instanceof Node.Function function) {
      Scope inner = scope.subshell();
      if (scope.moves()) {
        inner.directory(Directory.UNKNOWN);
      }
      walk(function.body(), frame, inner);
    } else if (node instanceof Node.Compound compound) {
      compounds.look(compound, frame, scope);
    }
  }

  private void andOr(Node.AndOr list, Frame frame, Scope scope) {
    Directory before = scope.directory();
    Frame now = frame;
    for (int i = 0; i < list.items().size(); i++) {
      Node item = list.items().get(i);
      boolean afterAnd = i > 0 && list.and().get(i - 1);
      Directory old = scope.directory();
      int count = parts.count();
      if (i > 0 && !afterAnd) {
        scope.directory(old.or(before));
      }
      boolean sure = i + 1 < list.items().size() && list.and().get(i);
      if (sure && item instanceof Node.Simple command) {
        // What follows runs only if this succeeded.
        simple.look(command, now, scope);
      } else {
        walk(item, now, scope);
      }
      now = parts.count() > count ? now.afterFirst() : now;
    }
    scope.directory(scope.directory().or(before));
  }

  private void pipeline(Node.Pipeline pipeline, Frame frame, Scope scope) {
    Frame now = frame;
    Directory after = scope.directory();
    for (Node stage : pipeline.stages()) {
      int count = parts.count();
      Scope own = scope.subshell();
      walk(stage, now, own);
      after = own.directory();
      now = parts.count() > count ? now.afterFirst() : now;
      now = now.reading(Inputs.from(stage, scope));
    }
    // Some shells run the last stage themselves.
    scope.directory(scope.directory().or(after));
  }

  /** Whether evaluating a word could run what nobody sees; null if it could not. */
  static String hazard(RawWord word, Scope scope) {
    if (word.hazard() != null) {
      return word.hazard();
    }
    for (String name : word.arithmetic()) {
      boolean counts = COUNTERS.contains(name) && !scope.assigned(name);
      if (!counts && !scope.isNumber(name)) {
        return "arithmetic on " + name + ", which is not surely a number";
      }
    }
    return null;
  }
}
