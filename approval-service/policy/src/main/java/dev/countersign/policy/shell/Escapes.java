package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Programs of which a line in their input or arguments can run a command, from the table {@code
 * escapes.txt}. It adds what such lines run to what else is known of the program, and never takes
 * anything away.
 */
final class Escapes {
  private enum Kind {
    SHELL,
    CRON,
    LINES,
    QUIET
  }

  private record Entry(Kind kind, Set<String> files, Pattern escape) {}

  private static final int MOST_LINES = 200;
  private static final int LONGEST_LINE = 2_000;
  private static final Map<String, Entry> ENTRIES = new HashMap<>();

  static {
    for (String line : Resources.lines("escapes.txt")) {
      String[] fields = line.split("\\|", 4);
      Kind kind = Kind.valueOf(fields[1].trim().toUpperCase(java.util.Locale.ROOT));
      Set<String> files = fields[2].isBlank() ? Set.of() : Set.of(fields[2].trim().split("\\s+"));
      String escape = fields[3].strip();
      Entry entry = new Entry(kind, files, escape.isEmpty() ? null : Pattern.compile(escape));
      for (String name : fields[0].trim().split("\\s+")) {
        ENTRIES.put(name, entry);
      }
    }
  }

  private final Walker walker;

  Escapes(Walker walker) {
    this.walker = walker;
  }

  /** Adds what a command's input and arguments run. */
  void look(Call call) {
    afterOption(call);
    Entry entry = ENTRIES.get(call.program());
    if (entry == null) {
      return;
    }
    boolean hidden = false;
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      hidden |= entry.files().contains(text.replaceFirst("=.*", ""));
      if (entry.escape() != null) {
        lines(call, entry, call.resolved().get(i).text());
      }
    }
    hidden |= ofItsOwn(call);
    Input input = call.frame().input();
    if (input.kind() == Input.Kind.TEXT) {
      text(call, entry, input.text());
    } else if (input.kind() != Input.Kind.NONE) {
      hidden |= entry.kind() != Kind.QUIET && reads(call);
    }
    if (hidden) {
      walker.parts().opaque(call.words(), "commands from a file or its input", call.frame());
    }
  }

  /** Some run the command behind one of their options. */
  private void afterOption(Call call) {
    String option =
        switch (call.program()) {
          case "gdb", "cgdb", "lldb" -> "--?args|--";
          case "start-stop-daemon" -> "-[A-Za-z]*[xa]|--exec|--startas";
          default -> null;
        };
    for (int i = 1; option != null && i + 1 < call.size(); i++) {
      if (call.text(i).matches(option)) {
        List<Word> words = new ArrayList<>(call.words().subList(i + 1, call.size()));
        if (words.size() > 1 && words.get(1).text().equals("--")) {
          words.remove(1);
        }
        Frame inner = call.frame().inside(call.words());
        walker.programs().look(Call.of(words, inner, call.scope()));
        return;
      }
    }
  }

  /** Whether a file among its arguments is all a script. */
  private static boolean ofItsOwn(Call call) {
    boolean operand = call.size() > 1 && !call.text(call.size() - 1).startsWith("-");
    return switch (call.program()) {
      case "crontab" ->
          operand
              && !call.text(call.size() - 2).equals("-u")
              && call.arguments().stream().noneMatch(word -> word.text().matches("-[lr]"));
      case "m4", "gm4", "tclsh", "wish", "expect" -> operand;
      case "make", "gmake" -> makefile(call);
      default -> false;
    };
  }

  /** A makefile from elsewhere; one of the project is what plain make would run. */
  private static boolean makefile(Call call) {
    boolean elsewhere = false;
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      boolean separate = text.matches("-[A-Za-z]*f|--file|--makefile") && i + 1 < call.size();
      boolean glued = text.matches("(?s)-f.+|--(?:make)?file=.*");
      if (separate || glued) {
        Word file = separate ? call.word(i + 1) : call.word(i);
        String path = separate ? file.text() : text.replaceFirst("^-f|^--(?:make)?file=", "");
        elsewhere |= !file.literal() || path.matches("(?s)[-/~].*|(?:.*/)?\\.\\.(?:/.*)?");
      }
    }
    return elsewhere;
  }

  /** Whether it reads its input as lines of its own, rather than as somebody's data. */
  private static boolean reads(Call call) {
    return switch (call.program()) {
      case "make", "gmake", "mail", "mailx", "crontab", "m4", "gm4" ->
          call.arguments().stream().anyMatch(word -> word.text().matches("-|-f-|--file=-"))
              || call.size() == 1 && !call.program().contains("make");
      case "gdb", "vim", "vi", "nvim", "view", "gnuplot", "lldb" -> true;
      default -> call.arguments().stream().noneMatch(word -> word.text().equals("--version"));
    };
  }

  private void text(Call call, Entry entry, String text) {
    switch (entry.kind()) {
      case SHELL -> run(call, text, true);
      case CRON -> {
        for (String line : text.split("\n", MOST_LINES)) {
          run(call, line.replaceFirst("^\\s*(?:@\\w+|(?:\\S+\\s+){4}\\S+)\\s+", ""), true);
        }
      }
      case LINES, QUIET -> lines(call, entry, text);
    }
  }

  private void lines(Call call, Entry entry, String text) {
    boolean found = false;
    for (String line : text.split("\n", MOST_LINES)) {
      Matcher matcher =
          entry
              .escape()
              .matcher(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line);
      while (matcher.find()) {
        String command = line.substring(matcher.end()).replaceFirst("[)'\"\\]}]+;?\\s*$", "");
        if (!command.isBlank()) {
          run(call, command, false);
          found = true;
        }
      }
    }
    if (found) {
      walker.parts().opaque(call.words(), "a line that runs a command", call.frame());
    }
  }

  private void run(Call call, String script, boolean whole) {
    if (script.isBlank()) {
      return;
    }
    Frame inner = call.frame().inside(call.words()).reading(Input.UNKNOWN);
    walker.script(
        script, inner.notAllowable("run by " + call.program()), call.scope().subshell(), true);
    if (whole) {
      walker.parts().opaque(call.words(), "a script from its input", call.frame());
    }
  }
}
