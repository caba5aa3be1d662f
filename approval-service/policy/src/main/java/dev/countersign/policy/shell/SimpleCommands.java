package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.RawWord;
import java.util.ArrayList;
import java.util.List;

/** Looks at simple commands: what they assign, run and redirect. */
final class SimpleCommands {
  private final Walker walker;

  SimpleCommands(Walker walker) {
    this.walker = walker;
  }

  void look(Node.Simple command, Frame outer, Scope scope) {
    Frame frame = outer;
    for (Node.Redirection redirection : command.redirects()) {
      frame = redirect(redirection, frame, scope);
    }
    List<Word> prefix = new ArrayList<>();
    for (Node.Assignment assignment : command.assignments()) {
      frame = assign(assignment, command.words().isEmpty(), prefix, frame, scope);
    }
    if (!command.words().isEmpty()) {
      prefixed(prefix, frame, scope);
      run(command.words(), prefix, frame, scope);
      inside(command.words(), frame, scope);
    } else if (!prefix.isEmpty()) {
      assignmentsAlone(command, prefix, frame, scope);
    }
    for (Node.Assignment assignment : command.assignments()) {
      for (RawWord word : values(assignment)) {
        walker.substitutions(word.runs(), outer, scope);
      }
    }
  }

  private static List<RawWord> values(Node.Assignment assignment) {
    List<RawWord> all = new ArrayList<>(assignment.elements());
    if (assignment.value() != null) {
      all.add(assignment.value());
    }
    if (assignment.subscript() != null) {
      all.add(assignment.subscript());
    }
    return all;
  }

  private Frame assign(
      Node.Assignment assignment, boolean alone, List<Word> prefix, Frame outer, Scope scope) {
    Frame frame = outer;
    String name = assignment.name();
    for (RawWord word : values(assignment)) {
      frame = frame.notAllowable(Walker.hazard(word, scope));
    }
    String text = assignment.value() == null ? "(…)" : assignment.value().text();
    Word.Certainty certainty =
        assignment.value() != null && assignment.value().literal()
            ? Word.Certainty.LITERAL
            : Word.Certainty.EXPANDED;
    prefix.add(new Word(name + (assignment.append() ? "+=" : "=") + text, certainty));
    if (assignment.value() != null && Variables.holdsCommand(name)) {
      Frame inner = frame.inside(List.copyOf(prefix)).notAllowable("a command in a variable");
      walker.script(Words.resolve(assignment.value(), scope), inner, scope.subshell(), true);
    }
    if (alone) {
      String constant = assignment.plain() ? Words.constant(assignment.value(), scope) : null;
      String written = assignment.plain() ? Words.written(assignment.value(), scope) : null;
      scope.assign(name, constant);
      if (constant == null) {
        scope.seem(name, written);
      }
    } else if (!Variables.harmless(name) || assignment.value() == null) {
      frame = frame.notAllowable("sets " + name + " for the command, which may change what runs");
    }
    return frame;
  }

  /** What a variable in front of a command holds, the command may read or step into. */
  private void prefixed(List<Word> prefix, Frame frame, Scope scope) {
    for (Word assignment : prefix) {
      Environment.given(walker, assignment, frame, scope);
    }
  }

  private void assignmentsAlone(Node.Simple command, List<Word> prefix, Frame frame, Scope scope) {
    boolean risky = frame.whyNot() != null;
    for (Node.Assignment assignment : command.assignments()) {
      risky |= Variables.risky(assignment.name());
    }
    if (risky) {
      Frame why = frame.notAllowable("changes what later commands run");
      walker.parts().command(Call.of(prefix, why, scope), Effects.UNKNOWN);
    }
  }

  private void run(List<RawWord> raw, List<Word> prefix, Frame outer, Scope scope) {
    Frame frame = outer.notAllowable(Splits.hazard(raw, scope));
    for (RawWord word : raw) {
      frame = frame.notAllowable(Walker.hazard(word, scope));
    }
    Words words = Words.of(raw, scope);
    if (words.shown().isEmpty()) {
      return;
    }
    if (!prefix.isEmpty()) {
      List<Word> whole = new ArrayList<>(prefix);
      whole.addAll(words.shown());
      frame = frame.through(whole);
    }
    if (words.braced() != null) {
      frame = frame.through(words.braced());
    }
    Call call = new Call(words.shown(), words.resolved(), frame, scope);
    walker.programs().look(call);
    if (words.resolved().size() != words.shown().size() && !words.resolved().isEmpty()) {
      Frame split = frame.computed("its arguments come out of a variable");
      walker.programs().look(Call.of(words.resolved(), split, scope));
    }
  }

  private void inside(List<RawWord> words, Frame frame, Scope scope) {
    for (RawWord word : words) {
      walker.substitutions(word.runs(), frame, scope);
    }
  }

  /** What stands in the head of a loop, a test or arithmetic. */
  void words(Node.Compound compound, Frame frame, Scope scope) {
    inside(compound.words(), frame, scope);
    String why = null;
    for (RawWord word : compound.words()) {
      String hazard = Walker.hazard(word, scope);
      why = why == null ? hazard : why;
    }
    if (why != null) {
      List<Word> head = new ArrayList<>();
      head.add(new Word(compound.kind() == Node.Kind.TEST ? "[[" : "((", Word.Certainty.LITERAL));
      for (RawWord word : compound.words()) {
        head.add(Words.shown(word));
      }
      walker.parts().command(Call.of(head, frame.notAllowable(why), scope), Effects.UNKNOWN);
    }
  }

  /** Adds a redirection, and says what the command then reads. */
  Frame redirect(Node.Redirection redirection, Frame frame, Scope scope) {
    RawWord target =
        redirection.document() == null ? redirection.target() : redirection.document().body();
    walker.substitutions(target.runs(), frame, scope);
    String hazard = Walker.hazard(target, scope);
    Frame after = frame.notAllowable(hazard);
    if (hazard != null) {
      List<Word> words = List.of(Words.shown(target));
      walker.parts().command(Call.of(words, after, scope), Effects.UNKNOWN);
    }
    switch (redirection.operator()) {
      case "<<", "<<-", "<<<" -> {
        return after.reading(Input.text(Words.resolve(target, scope)));
      }
      case "<" -> {
        file(redirection, PathUse.Use.READ, after, scope);
        return after.reading(Input.UNKNOWN);
      }
      case "<>" -> {
        file(redirection, PathUse.Use.READ, after, scope);
        file(redirection, PathUse.Use.WRITE, after, scope);
        return after.reading(Input.UNKNOWN);
      }
      case "<&" -> {
        return after.reading(Input.UNKNOWN);
      }
      case ">&" -> {
        if (!target.text().matches("[0-9]*-?")) {
          file(redirection, PathUse.Use.WRITE, after, scope);
        }
        return after;
      }
      default -> {
        file(redirection, PathUse.Use.WRITE, after, scope);
        return after;
      }
    }
  }

  private void file(Node.Redirection redirection, PathUse.Use use, Frame frame, Scope scope) {
    RawWord target = redirection.target();
    boolean process = target.expanded() && target.text().matches("(?s)[<>]\\(.*");
    boolean harmless =
        target.literal()
            && (target.text().equals("/dev/null")
                || target.text().matches("/dev/(stdin|stdout|stderr|tty|fd/[0-9]+)"));
    if (process || harmless) {
      return;
    }
    String text = redirection.operator() + " " + target.text();
    List<Word> paths = new ArrayList<>(scope.directory().seen(Words.shown(target)));
    String resolved = Words.resolve(target, scope);
    if (!resolved.equals(target.text())) {
      paths.add(new Word(resolved, Word.Certainty.LITERAL));
    }
    String seems = Words.seeming(target, scope);
    if (!seems.equals(resolved)) {
      paths.addAll(scope.directory().seen(new Word(seems, Word.Certainty.EXPANDED)));
    }
    for (Word path : paths) {
      walker.parts().redirect(new PathUse(path, use), frame.background(), text);
    }
  }
}
