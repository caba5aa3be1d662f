package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.RawWord;
import java.util.List;

/** Finds words of {@code [ … ]} that an expansion without quotes could turn into others. */
final class Splits {
  private Splits() {}

  /**
   * Why a test could evaluate what nobody sees, as {@code [ $x ]} does where the script put {@code
   * -v a[$(id)]} into the variable; null if it could not.
   */
  static String hazard(List<RawWord> words, Scope scope) {
    String program = words.get(0).text();
    if (!program.equals("[") && !program.equals("test")) {
      return null;
    }
    for (RawWord word : words) {
      if (!word.runs().isEmpty() && !word.quoted()) {
        return "a test of words made by a command";
      }
      for (RawWord.Variable variable : word.variables()) {
        String name = variable.name();
        boolean unknown = scope.assigned(name) && scope.value(name) == null;
        if (variable.split() && unknown && !scope.isNumber(name)) {
          return "a test of " + name + " without quotes";
        }
      }
    }
    return null;
  }
}
