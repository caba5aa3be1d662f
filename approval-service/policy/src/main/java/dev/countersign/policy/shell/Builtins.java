package dev.countersign.policy.shell;

import dev.countersign.policy.shell.Part.Reach;
import java.util.ArrayList;
import java.util.List;

/** Builtins that change what the rest of the script means. */
final class Builtins {
  private final Walker walker;

  Builtins(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Builtins> looks) {
    looks.put("cd", Builtins::cd);
    looks.put("chdir", Builtins::cd);
    looks.put("pushd", Builtins::cd);
    looks.put("popd", Builtins::popd);
    looks.put("command", Builtins::command);
    looks.put("exec", Builtins::exec);
    looks.put("alias", Builtins::alias);
    looks.put("export", Builtins::declare);
    looks.put("declare", Builtins::declare);
    looks.put("typeset", Builtins::declare);
    looks.put("local", Builtins::declare);
    looks.put("readonly", Builtins::declare);
    looks.put("read", Builtins::names);
    looks.put("unset", Builtins::names);
    looks.put("mapfile", Builtins::names);
    looks.put("readarray", Builtins::names);
    looks.put("getopts", Builtins::names);
    looks.put("let", Builtins::names);
    looks.put("printf", Builtins::printf);
    looks.put("set", Builtins::set);
    looks.put("test", Builtins::test);
    looks.put("[", Builtins::test);
  }

  private boolean cd(Call call) {
    int at = 1;
    while (at < call.size() && call.text(at).matches("-[LPe@]+|--")) {
      at++;
    }
    Word target = at < call.size() ? call.word(at) : new Word("~", Word.Certainty.LITERAL);
    boolean stack =
        call.program().equals("pushd")
            && (at >= call.size() || target.text().matches("[+-][0-9]*"));
    if (target.text().startsWith("-") || at + 1 < call.size() || stack) {
      target = new Word(target.text(), Word.Certainty.EXPANDED);
    }
    Directory before = call.scope().directory();
    List<PathUse> paths = new ArrayList<>();
    for (Word path : before.seen(target)) {
      paths.add(new PathUse(path, PathUse.Use.READ));
    }
    if (!call.resolved().equals(call.words()) && at < call.size()) {
      paths.add(new PathUse(call.resolved().get(at), PathUse.Use.READ));
    }
    walker.programs().plain(call, Effects.of(Reach.READ, paths));
    call.scope().directory(before.enter(target));
    return true;
  }

  private boolean popd(Call call) {
    walker.programs().plain(call, Effects.NOTHING);
    call.scope().directory(Directory.UNKNOWN);
    return true;
  }

  private boolean command(Call call) {
    int from = 1;
    boolean asks = false;
    while (from < call.size() && call.text(from).matches("-[pvV]+")) {
      asks |= call.text(from).matches(".*[vV].*");
      from++;
    }
    if (from < call.size() && call.text(from).equals("--")) {
      from++;
    }
    if (asks || from >= call.size()) {
      walker.programs().plain(call, Effects.NOTHING);
    } else {
      walker.programs().look(call.from(from, call.frame().through(call.words())));
    }
    return true;
  }

  private boolean exec(Call call) {
    Options.Start start = Options.of(0, "-a", "-c -l").find(call.words());
    if (start.index() >= call.size()) {
      walker.programs().plain(call, Effects.NOTHING);
    } else if (start.index() == 1) {
      walker.programs().look(call.from(1, call.frame().through(call.words())));
    } else {
      walker.programs().plain(call, Effects.UNKNOWN);
      walker.programs().look(call.from(start.index(), call.frame().inside(call.words())));
    }
    return true;
  }

  private boolean alias(Call call) {
    boolean defines = false;
    for (int i = 1; i < call.size(); i++) {
      int equals = call.text(i).indexOf('=');
      if (equals > 0) {
        defines = true;
        Frame inner = call.frame().inside(call.words()).notAllowable("the body of an alias");
        walker.script(call.text(i).substring(equals + 1), inner, call.scope().subshell(), false);
      }
    }
    walker.programs().plain(call, defines ? Effects.UNKNOWN : Effects.NOTHING);
    return true;
  }

  private boolean declare(Call call) {
    Effects effects = Effects.NOTHING;
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      boolean option = text.matches("[-+][aAfFgprxtI]+");
      boolean sets = text.matches("(?s)[A-Za-z_][A-Za-z0-9_]*(\\+?=.*)?");
      if (!option && !sets) {
        effects = Effects.UNKNOWN.notAllowable("declares something that may be evaluated");
      } else if (sets) {
        int equals = text.indexOf('=');
        boolean constant = equals > 0 && call.word(i).literal() && text.charAt(equals - 1) != '+';
        String name = text.replaceFirst("(?s)\\+?=.*", "");
        call.scope().assign(name, constant ? text.substring(equals + 1) : null);
      }
    }
    walker.programs().plain(call, effects);
    return true;
  }

  private boolean names(Call call) {
    Effects effects = Effects.NOTHING;
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      boolean simple = text.matches("[A-Za-z_][A-Za-z0-9_]*");
      boolean let = call.program().equals("let");
      boolean harmless =
          let
              ? text.matches("[A-Za-z_][A-Za-z0-9_]*(\\+\\+|--|[-+*]?=[0-9]+)")
                  && call.scope().isNumber(text.replaceFirst("[^A-Za-z0-9_].*", ""))
              : simple || text.matches("-[rsfvtdanNupieE0-9]+|[0-9.]*") || valueOf(call, i);
      if (!call.word(i).literal() || !harmless) {
        effects = Effects.UNKNOWN.notAllowable("names something that may be evaluated");
      } else if (simple) {
        call.scope().assign(text, null);
      }
    }
    boolean callback = call.words().stream().anyMatch(word -> word.text().startsWith("-C"));
    if (callback && call.program().matches("mapfile|readarray")) {
      effects = Effects.UNKNOWN.notAllowable("runs a command for every line");
    }
    walker.programs().plain(call, effects);
    return true;
  }

  /** The prompt, delimiter or option text after an option of {@code read} or {@code getopts}. */
  private static boolean valueOf(Call call, int index) {
    return call.text(index - 1).matches("-[a-z]*[pd]") || call.program().equals("getopts");
  }

  private boolean printf(Call call) {
    boolean sets = call.size() > 1 && (call.text(1).startsWith("-v") || !call.word(1).literal());
    if (sets
        && call.size() > 2
        && call.text(2).matches("[A-Za-z_][A-Za-z0-9_]*")
        && call.text(1).equals("-v")) {
      call.scope().assign(call.text(2), null);
      sets = false;
    }
    boolean evaluated = sets && call.text(1).matches("(?s)-v.*|\\$.*|`.*");
    walker
        .programs()
        .plain(
            call,
            evaluated
                ? Effects.UNKNOWN.notAllowable("names something that is evaluated")
                : Effects.NOTHING);
    return true;
  }

  private boolean set(Call call) {
    int at = 1;
    while (at < call.size() && !call.text(at).equals("--")) {
      at++;
    }
    if (at < call.size()) {
      Positions.set(call.scope(), call.words().subList(at + 1, call.size()));
    }
    walker.programs().plain(call, Effects.NOTHING);
    return true;
  }

  private boolean test(Call call) {
    List<PathUse> paths = new ArrayList<>();
    boolean evaluates = false;
    for (int i = 1; i < call.size(); i++) {
      String before = i > 1 ? call.text(i - 1) : "";
      evaluates |=
          before.equals("-v") && !call.text(i).matches("[A-Za-z_][A-Za-z0-9_]*")
              || before.equals("-R");
      if (before.matches("-[abcdefghkprsuwxGLNOS]")) {
        for (Word path : call.scope().directory().seen(call.word(i))) {
          paths.add(new PathUse(path, PathUse.Use.READ));
        }
      }
    }
    Effects effects = Effects.of(Reach.READ, paths);
    walker
        .programs()
        .plain(
            call, evaluates ? effects.notAllowable("names something that is evaluated") : effects);
    return true;
  }
}
