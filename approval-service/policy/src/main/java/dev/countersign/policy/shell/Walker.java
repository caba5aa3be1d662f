package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Budget;
import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.Parser;
import dev.countersign.policy.shell.syntax.RawWord;
import dev.countersign.policy.shell.syntax.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Walks what was read and hands every simple command on. */
final class Walker {
  /** Guesses inside guesses go no deeper, since each may hold several. */
  private static final int MOST_GUESSES = 2;

  private static final int LONGEST_GUESS = 50;

  private static final Set<String> COUNTERS =
      Set.of("RANDOM", "SRANDOM", "SECONDS", "EPOCHSECONDS", "LINENO", "UID", "EUID", "PPID");

  private final Parts parts;
  private final Budget budget;
  private final int guesses;
  private final Programs programs;
  private final SimpleCommands simple;

  Walker(List<Part> into, Budget budget) {
    this(into, budget, 0);
  }

  private Walker(List<Part> into, Budget budget, int guesses) {
    this.guesses = guesses;
    this.parts = new Parts(into);
    this.budget = budget;
    this.programs = new Programs(this);
    this.simple = new SimpleCommands(this);
  }

  Parts parts() {
    return parts;
  }

  Programs programs() {
    return programs;
  }

  /**
   * Reads and walks a script.
   *
   * @param posix whether a plain shell reads it, in which some things mean something else
   * @return what is wrong with it; null if it was read to its end
   */
  String script(String text, Frame frame, Scope scope, boolean posix) {
    if (budget.depth() >= Budget.MAX_DEPTH || frame.depth() > Frame.DEEPEST) {
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

  /** What a command would run, were it one; for denying only. A word with blanks is a script. */
  List<List<Word>> readings(Call call) {
    List<List<Word>> readings = new ArrayList<>();
    if (guesses >= MOST_GUESSES) {
      return readings;
    }
    List<Part> found = new ArrayList<>();
    Walker guess = new Walker(found, budget, guesses + 1);
    Scope inner = call.scope().subshell();
    boolean script = call.text(0).matches("(?s).*\\s.*");
    if (script) {
      guess.script(call.resolved().get(0).text(), Frame.start(), inner, true);
    } else if (call.word(0).literal() && !call.text(0).isEmpty()) {
      // Rules look at how a command begins.
      int most = Math.min(call.size(), LONGEST_GUESS);
      guess.programs().look(Call.of(call.resolved().subList(0, most), Frame.start(), inner));
    }
    for (Part part : found) {
      if (part instanceof Part.Command command) {
        readings.add(command.words());
        readings.addAll(command.spellings());
      } else if (part instanceof Part.Computed computed) {
        readings.add(computed.words());
      }
    }
    return readings;
  }

  private void crude(String text, Frame frame, Scope scope) {
    try {
      budget.spend(text.length());
      new CrudeReader(this, frame, scope).read(text);
    } catch (Unreadable e) {
      parts.opaque(List.of(new Word("…", Word.Certainty.EXPANDED)), e.getMessage(), frame);
    }
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
      compound(compound, frame, scope);
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

  private void compound(Node.Compound compound, Frame frame, Scope scope) {
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
    simple.words(compound, now, inner);
    for (Node.Redirection redirection : compound.redirects()) {
      now = simple.redirect(redirection, now, inner);
    }
    if (compound.kind() == Node.Kind.FOR && Rounds.few(compound) && scope.startRounds()) {
      rounds(compound, now, inner);
      scope.endRounds();
      scope.directory(scope.directory().or(before));
      return;
    }
    for (Node body : compound.bodies()) {
      int count = parts.count();
      walk(body, now, inner);
      now = parts.count() > count ? now.afterFirst() : now;
    }
    if (!own) {
      scope.directory(scope.directory().or(before));
    }
  }

  /** Walks a loop over a few plain words once for each of them. */
  private void rounds(Node.Compound loop, Frame frame, Scope scope) {
    int start = parts.count();
    int end = start;
    for (RawWord word : loop.words()) {
      scope.assign(loop.variable(), word.text());
      int from = parts.count();
      walk(loop.bodies().get(0), frame, scope);
      end = from == start ? parts.count() : end;
      parts.dropRepeated(start, end, from);
    }
    scope.assign(loop.variable(), null);
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
