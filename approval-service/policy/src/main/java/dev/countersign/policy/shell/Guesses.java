package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Budget;
import java.util.ArrayList;
import java.util.List;

/** Reads words as a command that they may or may not be; for denying only. */
final class Guesses {
  /** Guesses inside guesses go no deeper, since each may hold several. */
  private static final int MOST = 2;

  private static final int LONGEST = 50;

  private final Budget budget;
  private final int depth;

  Guesses(Budget budget, int depth) {
    this.budget = budget;
    this.depth = depth;
  }

  /** What a command would run, were it one. A word with blanks is a script. */
  List<List<Word>> readings(Call call) {
    List<List<Word>> readings = new ArrayList<>();
    if (depth >= MOST) {
      return readings;
    }
    List<Part> found = new ArrayList<>();
    Walker guess = new Walker(found, budget, depth + 1);
    Scope inner = call.scope().subshell();
    if (holdsBlank(call.text(0))) {
      guess.script(call.resolved().get(0).text(), Frame.start(), inner, true);
    } else if (call.word(0).literal() && !call.text(0).isEmpty()) {
      // Rules look at how a command begins.
      int most = Math.min(call.size(), LONGEST);
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

  private static boolean holdsBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c >= '\t' && c <= '\r') {
        return true;
      }
    }
    return false;
  }
}
