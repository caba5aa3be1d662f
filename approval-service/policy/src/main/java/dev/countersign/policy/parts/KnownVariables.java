package dev.countersign.policy.parts;

import dev.countersign.policy.ToolCall;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables that every shell sets, and what the others may stand for. */
final class KnownVariables {
  private static final Pattern HOME = Pattern.compile("^(\\$HOME|\\$\\{HOME})(?=/|$)");
  private static final Pattern CWD = Pattern.compile("^(\\$PWD|\\$\\{PWD})(?=/|$)");

  /** What may stand for a name. */
  private static final Pattern NAME =
      Pattern.compile("\\$(\\{[^{}]*}|\\([^()]*\\)|\\w+|[$!?#@*-])|`[^`]*`|\\{[^{}]*}");

  private KnownVariables() {}

  /** The same text with the home and the working directory put in. */
  static String put(String text, ToolCall call) {
    String home = call.home() == null ? "~" : call.home();
    String cwd = call.cwd() == null ? "." : call.cwd();
    String known = HOME.matcher(text).replaceFirst(Matcher.quoteReplacement(home));
    return CWD.matcher(known).replaceFirst(Matcher.quoteReplacement(cwd));
  }

  /** The same text, a star for whatever else is only known at run time. */
  static String starred(String text) {
    return NAME.matcher(text).replaceAll("*");
  }
}
