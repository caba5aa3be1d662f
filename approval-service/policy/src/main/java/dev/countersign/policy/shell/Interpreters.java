package dev.countersign.policy.shell;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Programs that run code in another language from their arguments or input. */
final class Interpreters {
  private record Entry(Set<String> inline, Set<String> values, boolean readsInput) {}

  private static final Map<String, Entry> ENTRIES =
      Map.ofEntries(
          Map.entry("python", new Entry(Set.of("-c"), Set.of("-W", "-X", "-m", "-Q"), true)),
          Map.entry("pypy", new Entry(Set.of("-c"), Set.of("-W", "-X", "-m"), true)),
          Map.entry("perl", new Entry(Set.of("-e", "-E"), Set.of("-I", "-M", "-m"), true)),
          Map.entry("ruby", new Entry(Set.of("-e"), Set.of("-I", "-r", "-C", "-E"), true)),
          Map.entry(
              "node",
              new Entry(
                  Set.of("-e", "-p", "-pe", "--eval", "--print"),
                  Set.of("-r", "--require", "--import", "--loader"),
                  true)),
          Map.entry("bun", new Entry(Set.of("-e", "-p", "--eval", "--print"), Set.of(), false)),
          Map.entry("deno", new Entry(Set.of("eval", "repl"), Set.of(), false)),
          Map.entry("php", new Entry(Set.of("-r", "-B", "-R", "-E"), Set.of("-d", "-c"), true)),
          Map.entry("lua", new Entry(Set.of("-e"), Set.of("-l"), true)),
          Map.entry("luajit", new Entry(Set.of("-e"), Set.of("-l"), true)),
          Map.entry("Rscript", new Entry(Set.of("-e"), Set.of(), true)),
          Map.entry("R", new Entry(Set.of("-e"), Set.of(), true)),
          Map.entry("julia", new Entry(Set.of("-e", "-E", "--eval", "--print"), Set.of(), true)),
          Map.entry("osascript", new Entry(Set.of("-e"), Set.of("-l"), true)),
          Map.entry("tclsh", new Entry(Set.of("-c"), Set.of(), true)),
          Map.entry("expect", new Entry(Set.of("-c"), Set.of(), true)),
          Map.entry("groovy", new Entry(Set.of("-e"), Set.of(), true)),
          Map.entry("scala", new Entry(Set.of("-e"), Set.of(), true)),
          Map.entry("elixir", new Entry(Set.of("-e", "--eval"), Set.of(), true)),
          Map.entry("erl", new Entry(Set.of("-eval"), Set.of(), true)),
          Map.entry("clojure", new Entry(Set.of("-e", "--eval", "-M"), Set.of(), true)),
          Map.entry("clj", new Entry(Set.of("-e", "--eval", "-M"), Set.of(), true)),
          Map.entry("bb", new Entry(Set.of("-e", "--eval"), Set.of(), true)),
          Map.entry("ocaml", new Entry(Set.of("-e"), Set.of("-I"), true)),
          Map.entry("ghc", new Entry(Set.of("-e"), Set.of(), false)),
          Map.entry("runghc", new Entry(Set.of("-e"), Set.of(), true)),
          Map.entry("guile", new Entry(Set.of("-c"), Set.of(), true)),
          Map.entry("racket", new Entry(Set.of("-e"), Set.of(), true)),
          Map.entry("sbcl", new Entry(Set.of("--eval"), Set.of(), true)),
          Map.entry("emacs", new Entry(Set.of("--eval", "-eval"), Set.of(), false)),
          Map.entry("jshell", new Entry(Set.of(), Set.of(), true)),
          Map.entry("swift", new Entry(Set.of("-e"), Set.of(), true)),
          Map.entry("dc", new Entry(Set.of("-e"), Set.of("-f"), true)),
          Map.entry("gdb", new Entry(Set.of("-ex", "-iex", "--eval-command"), Set.of("-x"), true)),
          Map.entry("lldb", new Entry(Set.of("-o", "--one-line"), Set.of("-s"), true)),
          Map.entry("sqlite3", new Entry(Set.of("-cmd"), Set.of(), true)),
          Map.entry("at", new Entry(Set.of(), Set.of("-f", "-q", "-t"), true)),
          Map.entry("batch", new Entry(Set.of(), Set.of(), true)),
          Map.entry("crontab", new Entry(Set.of("-"), Set.of("-u"), true)));

  private static final Set<String> SHELLS =
      Set.of(
          "sh", "bash", "zsh", "dash", "ksh", "ash", "mksh", "fish", "csh", "tcsh", "busybox",
          "env", "eval", "awk", "gawk", "mawk", "nawk", "ssh", "su", "sudo", "find", "git", "sed");

  private final Walker walker;

  Interpreters(Walker walker) {
    this.walker = walker;
  }

  /** Whether a program can run its arguments as code. */
  static boolean runsText(String program) {
    return SHELLS.contains(program) || ENTRIES.containsKey(family(program));
  }

  static void addTo(Programs.Table<Interpreters> looks) {
    for (String name : ENTRIES.keySet()) {
      looks.put(name, Interpreters::look);
    }
    for (String versioned :
        List.of(
            "python2",
            "python3",
            "pypy3",
            "python3.8",
            "python3.9",
            "python3.10",
            "python3.11",
            "python3.12",
            "python3.13",
            "python3.14",
            "nodejs",
            "perl5",
            "lua5.3",
            "lua5.4",
            "py",
            "php8",
            "ruby3.2",
            "irb",
            "tsx",
            "ts-node",
            "gjs",
            "qjs")) {
      looks.put(versioned, Interpreters::look);
    }
  }

  private static String family(String program) {
    return switch (program) {
      case "nodejs", "tsx", "ts-node", "gjs", "qjs" -> "node";
      case "py" -> "python";
      case "irb" -> "ruby";
      default -> ENTRIES.containsKey(program) ? program : program.replaceFirst("[0-9][0-9.]*$", "");
    };
  }

  private boolean look(Call call) {
    Entry entry = ENTRIES.get(family(call.program()));
    if (entry == null) {
      return false;
    }
    Effects effects = KnownCommands.effects(call);
    boolean script = false;
    boolean inline = false;
    for (int i = 1; i < call.size() && !script && !inline; i++) {
      String text = call.text(i);
      boolean option = text.startsWith("-") && text.length() > 1;
      inline = inline(entry, text);
      if (!inline && option && entry.values().contains(text)) {
        script = text.equals("-m");
        i++;
      } else if (!inline && !option) {
        script = !text.equals("-");
      }
    }
    walker.programs().plain(call, inline ? effects.other() : effects);
    boolean piped = entry.readsInput() && !script && call.frame().input().kind() != Input.Kind.NONE;
    boolean interactive = effects.reach() == Part.Reach.READ;
    if (inline) {
      walker.parts().opaque(call.words(), "code in another language", call.frame());
    } else if (piped && !interactive) {
      walker.parts().opaque(call.words(), "code from its input", call.frame());
    }
    return true;
  }

  private static boolean inline(Entry entry, String text) {
    int equals = text.indexOf('=');
    String name = text.startsWith("--") && equals > 0 ? text.substring(0, equals) : text;
    if (entry.inline().contains(name)) {
      return true;
    }
    // Short options may stand together, and their value right behind them: -ne'…', -c'…'.
    if (text.length() > 2 && text.charAt(0) == '-' && text.charAt(1) != '-') {
      for (int i = 1; i < text.length() && Character.isLetterOrDigit(text.charAt(i)); i++) {
        String option = "-" + text.charAt(i);
        if (entry.inline().contains(option)) {
          return true;
        }
        if (entry.values().contains(option)) {
          return false;
        }
      }
    }
    return false;
  }
}
