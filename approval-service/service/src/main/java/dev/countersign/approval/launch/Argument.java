package dev.countersign.approval.launch;

import java.util.List;

/**
 * One argument of a command line, as a flag with its value beside it or behind {@code =}.
 *
 * @param name the flag's name with its dashes; the argument itself where it is no flag
 */
record Argument(List<String> args, int at, String name) {
  static Argument of(List<String> args, int at) {
    String arg = args.get(at);
    int equals = arg.startsWith("-") ? arg.indexOf('=') : -1;
    return new Argument(args, at, equals < 0 ? arg : arg.substring(0, equals));
  }

  private String text() {
    return args.get(at);
  }

  boolean attached() {
    return name.length() < text().length();
  }

  /** The flag's value; empty where it has none. */
  String value() {
    if (attached()) {
      return text().substring(name.length() + 1);
    }
    return at + 1 < args.size() ? args.get(at + 1) : "";
  }

  /** How many arguments it takes with its value, whatever the value looks like. */
  int withValue() {
    return attached() || at + 1 == args.size() ? 1 : 2;
  }

  /** How many arguments it takes with a value that must not look like a flag. */
  int withPlainValue() {
    return withValue() == 2 && value().startsWith("-") ? 1 : withValue();
  }

  /** How many arguments it takes if it is a switch that may be followed by true or false. */
  int withSwitch() {
    return withValue() == 2 && value().matches("true|false") ? 2 : 1;
  }

  /** How many arguments it takes with all its values: the next one, and all up to another flag. */
  int withValues() {
    int end = at + withValue();
    while (!attached() && end < args.size() && !args.get(end).startsWith("-")) {
      end++;
    }
    return end - at;
  }

  /** All its values. */
  List<String> values() {
    return attached() ? List.of(value()) : args.subList(at + 1, at + withValues());
  }
}
