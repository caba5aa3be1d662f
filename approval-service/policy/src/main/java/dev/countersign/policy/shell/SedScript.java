package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;

/** Reads a sed script far enough to know whether it runs commands or touches files. */
final class SedScript {
  /** What scripts do. */
  static final class Outcome {
    boolean understood = true;
    boolean runs;
    final List<String> commands = new ArrayList<>();
    final List<String> reads = new ArrayList<>();
    final List<String> writes = new ArrayList<>();
  }

  private final String text;
  private final Outcome outcome;
  private int at;

  private SedScript(String text, Outcome outcome) {
    this.text = text;
    this.outcome = outcome;
  }

  /** Adds what a script does. A script that is not understood may do anything. */
  static void read(String script, Outcome outcome) {
    SedScript reader = new SedScript(script, outcome);
    while (outcome.understood && reader.at < script.length()) {
      outcome.understood = reader.command();
    }
    if (!outcome.understood) {
      outcome.runs |= script.indexOf('e') >= 0;
    }
  }

  private boolean command() {
    skip(" \t\n;{}");
    if (at >= text.length()) {
      return true;
    }
    if (!address()) {
      return false;
    }
    skip(" \t!");
    if (at >= text.length()) {
      return false;
    }
    char command = text.charAt(at++);
    return switch (command) {
      case '{' -> true;
      case '=', 'd', 'D', 'g', 'G', 'h', 'H', 'l', 'n', 'N', 'p', 'P', 'x', 'z', 'F' -> ends();
      case 'q', 'Q', 'L' -> {
        skip(" 0123456789");
        yield ends();
      }
      case 's' -> substitute();
      case 'y' -> {
        char delimiter = at < text.length() ? text.charAt(at++) : '\n';
        yield section(delimiter) && section(delimiter) && ends();
      }
      case 'a', 'i', 'c', '#' -> {
        line();
        yield true;
      }
      case 'b', 't', 'T', ':' -> {
        while (at < text.length() && "\n;}".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        yield true;
      }
      case 'r', 'R' -> {
        outcome.reads.add(line());
        yield true;
      }
      case 'w', 'W' -> {
        outcome.writes.add(line());
        yield true;
      }
      case 'e' -> {
        outcome.runs = true;
        String run = line();
        outcome.commands.add(run.isEmpty() ? ":" : run);
        yield true;
      }
      default -> false;
    };
  }

  private boolean address() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9' || "$,+~ ".indexOf(c) >= 0) {
        at++;
      } else if (c == '/') {
        at++;
        if (!section('/')) {
          return false;
        }
        skip("IM");
      } else if (c == '\\' && at + 1 < text.length()) {
        at += 2;
        if (!section(text.charAt(at - 1))) {
          return false;
        }
        skip("IM");
      } else {
        return true;
      }
    }
    return false;
  }

  /** Goes behind the next delimiter that is not escaped or in brackets. */
  private boolean section(char delimiter) {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == delimiter) {
        return true;
      } else if (c == '\n') {
        return false;
      }
    }
    return false;
  }

  private boolean substitute() {
    if (at >= text.length()) {
      return false;
    }
    char delimiter = text.charAt(at++);
    if (delimiter == '\n' || delimiter == '\\' || !section(delimiter) || !section(delimiter)) {
      return false;
    }
    while (at < text.length()) {
      char flag = text.charAt(at);
      if (flag == 'w') {
        at++;
        outcome.writes.add(line());
        return true;
      } else if (flag == 'e') {
        outcome.runs = true;
        outcome.commands.add(":");
        at++;
      } else if (flag >= '0' && flag <= '9' || "gpIiMm".indexOf(flag) >= 0) {
        at++;
      } else {
        return ends();
      }
    }
    return true;
  }

  private boolean ends() {
    skip(" \t");
    return at >= text.length() || "\n;}#".indexOf(text.charAt(at)) >= 0;
  }

  private String line() {
    int end = text.indexOf('\n', at);
    end = end < 0 ? text.length() : end;
    String rest = text.substring(at, end).strip();
    at = end;
    return rest;
  }

  private void skip(String characters) {
    while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
