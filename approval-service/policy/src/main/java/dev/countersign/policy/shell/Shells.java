package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Shells and what else reads a script: {@code sh -c}, {@code eval}, {@code su -c}, {@code trap} …
 *
 * <p>A literal script is read. If the options around it are plain, what it runs is all there is,
 * and the shell's own line needs no rule: {@code sh -c 'npm test'} is {@code npm test}. A script
 * that is not literal, or comes from a file or a pipe, is opaque.
 */
final class Shells {
  private static final Set<String> PLAIN_SHELLS = Set.of("sh", "dash", "ash");
  private static final List<String> SHELLS =
      List.of("sh", "bash", "zsh", "dash", "ksh", "ash", "mksh", "rbash", "yash", "posh", "oksh");
  private static final List<String> FOREIGN =
      List.of(
          "fish",
          "csh",
          "tcsh",
          "nu",
          "elvish",
          "xonsh",
          "pwsh",
          "powershell",
          "rc",
          "es",
          "cmd",
          "cmd.exe",
          "powershell.exe",
          "pwsh.exe");

  private static final Options OPTIONS =
      Options.of(
          0,
          "-o +o -O +O --rcfile --init-file",
          "-c -e -u -x -v -n -l -p -f -b -h -s -i -r --login --norc --noprofile --posix");

  /** Where a name from elsewhere is put into a script, in or without quotes. */
  private static final Pattern FILLED = Pattern.compile("['\"]?\\{}['\"]?");

  private final Walker walker;

  Shells(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Shells> looks) {
    SHELLS.forEach(name -> looks.put(name, Shells::shell));
    FOREIGN.forEach(name -> looks.put(name, Shells::foreign));
    looks.put("eval", Shells::eval);
    looks.put("trap", Shells::trap);
    looks.put("busybox", Shells::applet);
    looks.put("source", Shells::source);
    looks.put(".", Shells::source);
  }

  private boolean shell(Call call) {
    Options.Start start = OPTIONS.find(call.words());
    boolean command = false;
    boolean plain = start.sure() && call.wellKnown();
    boolean stdin = false;
    for (int i = 1; i < start.index(); i++) {
      String text = call.text(i);
      boolean cluster = text.matches("-[A-Za-z]+");
      command |= cluster && text.indexOf('c') > 0;
      stdin |= cluster && text.indexOf('s') > 0;
      plain &= !text.matches("-[A-Za-z]*[ir].*|--rcfile.*|--init-file.*");
    }
    if (command) {
      if (start.index() < call.size()) {
        script(call, start.index(), plain);
      } else {
        walker.programs().plain(call, Effects.UNKNOWN);
      }
      return true;
    }
    if (start.index() < call.size() && !stdin && !call.text(start.index()).equals("-")) {
      file(call, start.index());
    } else {
      piped(call);
    }
    return true;
  }

  private void script(Call call, int index, boolean plain) {
    boolean posix = PLAIN_SHELLS.contains(call.program());
    Scope scope = call.scope().subshell();
    Positions.set(scope, call.words().subList(Math.min(index + 2, call.size()), call.size()));
    text(call, call.resolved().get(index), call.word(index), plain, posix, scope);
  }

  /** Reads a script that stands in the words of a command. */
  private void text(
      Call call, Word resolved, Word word, boolean plain, boolean posix, Scope scope) {
    if (!word.literal()) {
      walker.programs().plain(call, Effects.UNKNOWN);
      walker.parts().opaque(call.words(), "a script that is made while it runs", call.frame());
      Frame inner = call.frame().inside(call.words());
      String script = resolved.text();
      if (script.contains(Batches.ANY.text())) {
        script = FILLED.matcher(script).replaceAll("\"\\$0\"");
      }
      walker.script(script, inner.notAllowable("made while it runs"), scope, posix);
      return;
    }
    Frame inner = plain ? call.frame().through(call.words()) : call.frame().inside(call.words());
    if (!plain) {
      walker.programs().plain(call, Effects.UNKNOWN);
    }
    int before = walker.parts().count();
    String problem = walker.script(word.text(), inner, scope, posix);
    if (problem != null) {
      walker.programs().plain(call, Effects.UNKNOWN.notAllowable(problem));
      walker.parts().opaque(call.words(), problem, call.frame());
    } else if (plain && walker.parts().count() == before) {
      walker.programs().plain(call, Effects.UNKNOWN);
    }
  }

  private void file(Call call, int index) {
    List<PathUse> paths = new ArrayList<>();
    for (Word path : call.scope().directory().seen(call.word(index))) {
      paths.add(new PathUse(path, PathUse.Use.READ));
    }
    walker.programs().plain(call, Effects.of(Part.Reach.OTHER, paths));
    boolean asks = call.text(index).isEmpty();
    walker.parts().opaque(call.words(), asks ? "a script" : "a script from a file", call.frame());
  }

  private void piped(Call call) {
    Input input = call.frame().input();
    boolean asksVersion = call.size() == 2 && call.text(1).equals("--version");
    walker.programs().plain(call, asksVersion ? Effects.NOTHING : Effects.UNKNOWN);
    if (input.kind() == Input.Kind.NONE) {
      return;
    }
    walker.parts().opaque(call.words(), "a script from its input", call.frame());
    if (input.kind() == Input.Kind.TEXT) {
      Frame inner = call.frame().inside(call.words()).reading(Input.UNKNOWN);
      boolean posix = PLAIN_SHELLS.contains(call.program());
      walker.script(input.text(), inner, call.scope().subshell(), posix);
    }
  }

  private boolean foreign(Call call) {
    boolean asksVersion = call.size() == 2 && call.text(1).equals("--version");
    walker.programs().plain(call, asksVersion ? Effects.NOTHING : Effects.UNKNOWN);
    if (!asksVersion && (call.size() > 1 || call.frame().input().kind() != Input.Kind.NONE)) {
      walker.parts().opaque(call.words(), "a script for another shell", call.frame());
    }
    for (int i = 1; i + 1 < call.size(); i++) {
      if (call.text(i).matches("(?i)-c|-co[mand]*|/[ckr]|//[ckr]")) {
        Frame inner = call.frame().inside(call.words()).notAllowable("for another shell");
        String rest = Call.joined(call.words().subList(i + 1, call.size()));
        walker.script(rest, inner, call.scope().subshell(), false);
        break;
      }
    }
    return true;
  }

  private boolean eval(Call call) {
    int from = call.size() > 1 && call.text(1).equals("--") ? 2 : 1;
    if (from >= call.size()) {
      return false;
    }
    boolean literal = true;
    for (Word word : call.words().subList(from, call.size())) {
      literal &= word.literal();
    }
    Word text = joined(call.words().subList(from, call.size()), literal);
    Word resolved = joined(call.resolved().subList(from, call.size()), literal);
    text(call, resolved, text, true, false, call.scope());
    return true;
  }

  static Word joined(List<Word> words, boolean literal) {
    return new Word(Call.joined(words), literal ? Word.Certainty.LITERAL : Word.Certainty.EXPANDED);
  }

  private boolean trap(Call call) {
    int at = call.size() > 1 && call.text(1).equals("--") ? 2 : 1;
    if (call.size() - at < 2 || call.text(at).matches("-.*|")) {
      walker.programs().plain(call, Effects.NOTHING);
      return true;
    }
    Scope scope = call.scope().subshell();
    if (call.scope().moves()) {
      scope.directory(Directory.UNKNOWN);
    }
    text(call, call.resolved().get(at), call.word(at), true, false, scope);
    if (call.scope().moves()) {
      call.scope().directory(Directory.UNKNOWN);
    }
    return true;
  }

  private boolean applet(Call call) {
    if (call.size() < 2 || call.text(1).startsWith("-")) {
      return false;
    }
    walker.programs().plain(call, Effects.UNKNOWN);
    walker.programs().look(call.from(1, call.frame().inside(call.words())));
    return true;
  }

  private boolean source(Call call) {
    if (call.size() > 1) {
      file(call, 1);
      call.scope().taint("a sourced file may change what names mean");
    } else {
      walker.programs().plain(call, Effects.UNKNOWN);
    }
    return true;
  }
}
