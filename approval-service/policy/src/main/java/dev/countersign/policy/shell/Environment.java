package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;

/** {@code env}: transparent if it only sets harmless variables. */
final class Environment {
  private static final Options OPTIONS =
      Options.of(
          0,
          "-u --unset -C --chdir -S --split-string -P",
          "-i --ignore-environment -0 --null -v --debug -");

  private final Walker walker;

  Environment(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Environment> looks) {
    looks.put("env", Environment::look);
    looks.put("genv", Environment::look);
  }

  static boolean isAssignment(String word) {
    int equals = word.indexOf('=');
    return equals > 0 && word.substring(0, Math.min(equals, 200)).matches("[A-Za-z_][A-Za-z0-9_]*");
  }

  /** Adds a variable that a command gets as a part of its own, unless it is known to do nothing. */
  static void given(Walker walker, Word assignment, Frame frame, Scope scope) {
    String name = assignment.text().replaceFirst("(?s)\\+?=.*", "");
    if (!Variables.harmless(name) && frame.depth() <= Frame.DEEPEST) {
      Frame alone =
          new Frame(
              List.of(),
              frame.wrappedIn(),
              "sets " + name + " for the command, which may change what runs",
              null,
              frame.background(),
              frame.input(),
              frame.depth());
      walker.parts().command(Call.of(List.of(assignment), alone, scope), Effects.UNKNOWN);
    }
  }

  private boolean look(Call call) {
    Options.Start start = OPTIONS.find(call.words());
    int from = start.index();
    String why = start.sure() ? null : "an option of env that is not known";
    if (from > 1) {
      why = "env with options";
    }
    while (from < call.size() && call.text(from).indexOf('=') > 0) {
      String text = call.text(from);
      String name = text.substring(0, text.indexOf('='));
      given(walker, call.word(from), call.frame(), call.scope());
      if (!Variables.harmless(name)) {
        why = "sets " + name + " for the command, which may change what runs";
      }
      from++;
    }
    split(call, start.index());
    if (from >= call.size()) {
      Effects shown = call.size() == 1 ? Effects.NOTHING : Effects.UNKNOWN;
      walker.programs().plain(call, shown);
      return true;
    }
    if (call.wellKnown()) {
      Frame inner = call.frame().through(call.words()).notAllowable(why);
      walker.programs().look(stepped(call, start.index()).from(from, inner));
    } else {
      walker.programs().plain(call, Effects.UNKNOWN);
      walker.programs().look(call.from(from, call.frame().inside(call.words())));
    }
    return true;
  }

  /** The same command in the folder that {@code -C} names. */
  private static Call stepped(Call call, int end) {
    for (int i = 1; i < end; i++) {
      String text = call.text(i);
      boolean apart = text.matches("-[a-z0]*C|--ch[a-z]*") && i + 1 < call.size();
      boolean glued = text.matches("(?s)-[a-z0]*C.+|--ch[a-z]*=.*");
      if (apart || glued) {
        String folder = text.replaceFirst("(?s)^(-[a-z0]*C|--ch[a-z]*=)", "");
        Scope inside = call.scope().subshell();
        Word target = apart ? call.word(i + 1) : new Word(folder, call.word(i).certainty());
        inside.directory(inside.directory().enter(target));
        return new Call(call.words(), call.resolved(), call.frame(), inside);
      }
    }
    return call;
  }

  /** {@code -S 'text'}: words in a word. */
  private void split(Call call, int end) {
    for (int i = 1; i < end; i++) {
      String text = call.text(i);
      String line = null;
      if (text.matches("-[a-zA-Z]*S|--split-string") && i + 1 < call.size()) {
        line = call.text(i + 1);
      } else if (text.startsWith("--split-string=")) {
        line = text.substring(text.indexOf('=') + 1);
      } else if (text.matches("(?s)-[a-z]*S.+")) {
        line = text.substring(text.indexOf('S') + 1);
      }
      if (line != null) {
        List<Word> words = new ArrayList<>();
        words.add(call.word(0));
        for (String word : line.trim().split("\\s+")) {
          words.add(new Word(word.replaceAll("[\"']", ""), Word.Certainty.LITERAL));
        }
        words.addAll(call.words().subList(end, call.size()));
        Frame inner = call.frame().inside(call.words()).notAllowable("env with a split line");
        walker.programs().plain(call, Effects.UNKNOWN);
        if (words.size() > 1 && inner.depth() <= Frame.DEEPEST) {
          look(Call.of(words, inner, call.scope()));
        }
        return;
      }
    }
  }
}
