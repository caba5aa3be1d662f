package dev.countersign.approval.launch;

import java.util.Locale;

/** Flags as the yargs library reads them, which two of the engines use. */
final class Yargs {
  private Yargs() {}

  /**
   * The name of a flag without its dashes, whichever way it is written: {@code --approvalMode},
   * {@code --no-yolo}, {@code --yolo.x} and {@code --yolo=true} are {@code approval-mode} and
   * {@code yolo}. Empty where it is no flag.
   */
  static String name(Argument arg) {
    if (!arg.name().startsWith("-")) {
      return "";
    }
    String name = arg.name().replaceAll("^-+", "").replaceAll("\\..*", "");
    String kebab = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    return kebab.startsWith("no-") ? kebab.substring(3) : kebab;
  }

  /** Whether an argument is a cluster of short flags with this one among them. */
  static boolean cluster(Argument arg, char flag) {
    return arg.name().matches("(?s)-[A-Za-z]*" + flag + ".*");
  }
}
