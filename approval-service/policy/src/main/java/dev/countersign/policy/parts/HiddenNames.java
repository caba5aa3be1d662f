package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Script;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether the globs of a script may stand for names that begin with a dot. Errs towards yes. */
final class HiddenNames {
  private static final Pattern OPTION = Pattern.compile("dotglob|GLOBIGNORE|globdots|globignore");

  /** Commands that set options of the shell. */
  private static final Set<String> SETTING = Set.of("shopt", "setopt", "emulate", "set");

  /** Commands that read a script into the shell that runs them. */
  private static final Set<String> SOURCING = Set.of(".", "source");

  private HiddenNames() {}

  /** Whether a script may set such an option, however its name is written. */
  static boolean inGlobs(String source, Script script) {
    return OPTION.matcher(source).find()
        || script.parts().stream().anyMatch(part -> sets(part) || evaluates(part));
  }

  /** What is read from a file may set any. */
  private static boolean sets(Part part) {
    if (!(part instanceof Part.Command command)) {
      return false;
    }
    String program = command.words().get(0).text();
    return SOURCING.contains(program) && command.words().size() > 1
        || SETTING.contains(program)
            && command.words().stream().anyMatch(word -> !word.literal() || option(word.text()));
  }

  private static boolean evaluates(Part part) {
    return part instanceof Part.Opaque opaque
        && !opaque.words().isEmpty()
        && opaque.words().get(0).text().equals("eval");
  }

  private static boolean option(String word) {
    return OPTION.matcher(word.toLowerCase(Locale.ROOT).replace("_", "")).find();
  }
}
