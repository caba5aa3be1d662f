package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Looks at a command by its program: through wrappers, into shells, up in the table. */
final class Programs {
  /** What is special about a program. */
  interface Look<F> {
    /** Adds the command's parts; false, with nothing added, if this is a command as any other. */
    boolean look(F family, Call call);
  }

  /** What looks at the programs of one family, made anew for each reader. */
  record Table<F>(Function<Walker, F> family) {
    void put(String program, Look<F> look) {
      SPECIAL.put(program, (walker, call) -> look.look(family.apply(walker), call));
    }
  }

  private static final Map<String, Look<Walker>> SPECIAL = new HashMap<>();

  static {
    Wrappers.addTo(new Table<>(Wrappers::new));
    Shells.addTo(new Table<>(Shells::new));
    OtherUsers.addTo(new Table<>(OtherUsers::new));
    Builtins.addTo(new Table<>(Builtins::new));
    Environment.addTo(new Table<>(Environment::new));
    Batches.addTo(new Table<>(Batches::new));
    Finders.addTo(new Table<>(Finders::new));
    Git.addTo(new Table<>(Git::new));
    Interpreters.addTo(new Table<>(Interpreters::new));
    Filters.addTo(new Table<>(Filters::new));
    Remote.addTo(new Table<>(Remote::new));
  }

  private final Walker walker;
  private final Values values;
  private final Escapes escapes;

  Programs(Walker walker) {
    this.walker = walker;
    this.values = new Values(walker);
    this.escapes = new Escapes(walker);
  }

  /** Adds a command's parts, and those of every command inside it. */
  void look(Call call) {
    Word first = call.word(0);
    Frame frame = call.frame();
    if (!first.literal()) {
      computed(call, "the program's name comes from an expansion");
    } else if (namesAfterEquals(first.text()) && frame.depth() < Frame.DEEPEST) {
      // Another shell finds a program by =name.
      List<Word> words = new ArrayList<>(call.words());
      words.set(0, new Word(first.text().substring(1), Word.Certainty.LITERAL));
      plain(call.with(frame.notAllowable("begins with =")), Effects.UNKNOWN);
      look(Call.of(words, deeper(frame.computed("a name after =")), call.scope()));
    } else if (first.text().isEmpty()) {
      plain(call.with(frame.notAllowable("has no name")), Effects.UNKNOWN);
    } else if (frame.depth() > Frame.DEEPEST) {
      plain(call.with(frame.notAllowable("in too many wrappers")), Effects.UNKNOWN);
      walker.parts().computed(call.words(), frame.computed("in too many wrappers"));
    } else if (call.scope().isAlias(first.text())) {
      known(call.with(frame.computed("an alias of this script")));
    } else if (call.scope().isFunction(first.text())) {
      known(call.with(frame.notAllowable("a function of this script")));
      if (call.scope().moves()) {
        call.scope().directory(Directory.UNKNOWN);
      }
    } else {
      known(call);
    }
  }

  private static boolean namesAfterEquals(String text) {
    return text.length() > 1 && text.charAt(0) == '=' && text.charAt(1) != '=';
  }

  private void known(Call call) {
    if (Copies.copies(call.text(0))) {
      call.scope().copies().note(call.words());
    }
    Word source = call.scope().copies().source(call.text(0));
    Frame frame = call.frame();
    if (source != null && frame.computed() == null && frame.depth() < Frame.DEEPEST) {
      Frame copied = deeper(frame.computed("a program the script copied"));
      List<Word> words = new ArrayList<>(call.words());
      words.set(0, source);
      look(call.with(copied));
      look(Call.of(words, copied, call.scope()));
      return;
    }
    Look<Walker> look = SPECIAL.get(call.program());
    if (look == null || !look.look(walker, call)) {
      plain(call);
    }
    escapes.look(call);
  }

  /** Adds a command as the table knows it. */
  void plain(Call call) {
    Effects effects = KnownCommands.effects(call);
    plain(call, effects);
    values.look(call);
  }

  /** Adds a command. */
  void plain(Call call, Effects effects) {
    Effects certain = call.wellKnown() ? effects : effects.other();
    Frame frame = call.frame();
    if (call.text(0).indexOf('/') > 0 && call.scope().directory().moved()) {
      frame = frame.notAllowable("a program found by a path from a changed directory");
    }
    walker.parts().command(call.with(frame), certain);
  }

  private void computed(Call call, String why) {
    Frame outer = call.frame().computed(why);
    outer.spellings().forEach(line -> walker.parts().computed(line, outer));
    Frame frame = outer.afterFirst();
    if (!call.resolved().get(0).equals(call.word(0))) {
      walker.parts().computed(call.words(), frame);
      if (frame.depth() <= Frame.DEEPEST) {
        look(Call.of(call.resolved(), deeper(frame), call.scope()));
      }
      return;
    }
    walker.parts().computed(call.words(), frame);
    if (frame.depth() > Frame.DEEPEST) {
      return;
    }
    String rest = withoutExpansions(call.text(0));
    List<Word> words = new ArrayList<>(call.words());
    if (rest.isEmpty()) {
      words.remove(0);
    } else {
      words.set(0, new Word(rest, Word.Certainty.LITERAL));
    }
    if (!words.isEmpty() && (rest.isEmpty() || !rest.equals(call.text(0)))) {
      look(Call.of(words, deeper(frame), call.scope()));
    }
  }

  private static Frame deeper(Frame frame) {
    return new Frame(
        frame.spellings(),
        frame.wrappedIn(),
        frame.whyNot(),
        frame.computed(),
        frame.background(),
        frame.input(),
        frame.depth() + 1);
  }

  /** What is left of a word if everything in it expands to nothing. */
  private static String withoutExpansions(String word) {
    return word.length() > 200
        ? ""
        : word.replaceAll(
            "\\$\\{[^}]*\\}|\\$\\([^)]*\\)|`[^`]*`|\\$([A-Za-z_]\\w*|[@*#?!0-9-])", "");
  }
}
