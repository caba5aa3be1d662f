package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;

/** Programs that start a shell as another user or with other rights. */
final class OtherUsers {
  private static final Options SU =
      Options.of(
          0, "-c --command -s --shell -g --group -G --supp-group -w", "- -l --login -m -p -f");

  private final Walker walker;

  OtherUsers(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<OtherUsers> looks) {
    looks.put("su", OtherUsers::su);
    looks.put("capsh", OtherUsers::capsh);
  }

  private boolean su(Call call) {
    Frame inner = call.frame().inside(call.words());
    walker.programs().plain(call, Effects.UNKNOWN);
    boolean found = false;
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      int equals = text.startsWith("--command=") ? text.indexOf('=') + 1 : 0;
      boolean separate = text.matches("-[a-z]*c|--command") && i + 1 < call.size();
      if (equals > 0) {
        walker.script(text.substring(equals), inner, call.scope().subshell(), true);
        found = true;
      } else if (separate) {
        walker.script(call.text(i + 1), inner, call.scope().subshell(), true);
        found = true;
      }
    }
    Options.Start start = SU.find(call.words());
    if (!found && call.frame().input().kind() != Input.Kind.NONE
        || start.index() + 1 < call.size()) {
      walker.parts().opaque(call.words(), "a script for another user's shell", call.frame());
    }
    return true;
  }

  /** What follows {@code --} are arguments of Bash, or of the shell it is told. */
  private boolean capsh(Call call) {
    walker.programs().plain(call, Effects.UNKNOWN);
    Word shell = new Word("bash", Word.Certainty.LITERAL);
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      if (text.startsWith("--shell=")) {
        shell = new Word(text.substring(8), call.word(i).certainty());
      } else if (text.equals("--") || text.equals("-+")) {
        List<Word> words = new ArrayList<>(List.of(shell));
        words.addAll(call.words().subList(i + 1, call.size()));
        walker.programs().look(Call.of(words, call.frame().inside(call.words()), call.scope()));
        break;
      }
    }
    return true;
  }
}
