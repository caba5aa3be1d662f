package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.RawWord;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Words of a script that may set a variable or an option of the shell. */
final class Settings {
  private static final Pattern SETS =
      Pattern.compile("\\b(export|declare|typeset|readonly)\\b|\\bread\\s|(?<!\\w)[A-Za-z_]\\w*=");

  /** {@code ${X:=value}} and arithmetic set variables, too. */
  private static final Pattern GIVEN = Pattern.compile("(?<!\\w)([A-Za-z_]\\w{0,60}):?=");

  private static final Pattern GLOBS =
      Pattern.compile("(null|dot|ext|extended|sh|ksh)glob|globdots");

  private Settings() {}

  /** Whether a text that is run later may set a variable for the commands after it. */
  static boolean inText(RawWord word) {
    return SETS.matcher(word.text()).find();
  }

  /** Whether an option changes what globs stand for; zsh reads names without case and {@code _}. */
  static boolean ofGlobs(RawWord word) {
    String option = word.text().toLowerCase(Locale.ROOT).replace("_", "");
    return !word.literal() || GLOBS.matcher(option).find();
  }

  /** The variables that expanding a word may set. */
  static List<String> byExpansion(RawWord word) {
    return word.expanded()
        ? GIVEN.matcher(word.text()).results().map(found -> found.group(1)).toList()
        : List.of();
  }
}
