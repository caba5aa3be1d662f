package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Programs that run a command once for each thing they read: {@code xargs}, {@code parallel}. */
final class Batches {
  /** Stands for words that come from somewhere else. */
  static final Word ANY = new Word("{}", Word.Certainty.EXPANDED);

  /** A line that stays as it is. */
  private static final Pattern LINE = Pattern.compile("[\\w./@:+,~-]{1,500}");

  private static final Options XARGS =
      Options.of(
          0,
          "-I -n --max-args -P --max-procs -L --max-lines -d --delimiter -s --max-chars -E -a --arg-file --process-slot-var -R -S -J",
          "-0 --null -r --no-run-if-empty -t --verbose -x --exit -i -e -l --replace");

  private static final Options PARALLEL =
      Options.of(
          0,
          "-j --jobs -a --arg-file -I -n --max-args -N -L -S --sshlogin --joblog --results --tmpdir -d --delimiter --colsep -C --delay --timeout --retries --halt --workdir --wd --env",
          "-k --keep-order -m -X -u --ungroup --eta --bar --progress --dry-run -t --verbose -v -0 --null -r --will-cite --line-buffer --lb --group -q --quote --pipe");

  private final Walker walker;

  Batches(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Batches> looks) {
    looks.put("xargs", Batches::xargs);
    looks.put("gxargs", Batches::xargs);
    looks.put("parallel", Batches::parallel);
    looks.put("watch", Batches::watch);
    looks.put("flock", Batches::flock);
    looks.put("script", Batches::script);
  }

  private boolean xargs(Call call) {
    Options.Start start = XARGS.find(call.words());
    if (start.index() >= call.size()) {
      Effects echo = start.sure() ? Effects.NOTHING : Effects.UNKNOWN;
      walker.programs().plain(call, echo);
      return true;
    }
    String replaced = null;
    boolean plain = start.sure() && call.wellKnown();
    for (int i = 1; i < start.index(); i++) {
      String text = call.text(i);
      if (text.startsWith("-I")) {
        replaced = text.length() > 2 ? text.substring(2) : call.text(i + 1);
      } else if (text.startsWith("-i") || text.startsWith("--replace")) {
        replaced =
            text.matches("-i.+|--replace=.+") ? text.replaceFirst("-i|--replace=", "") : "{}";
      } else if (text.matches("-[aJRS].*|--arg-file.*|--process-slot-var.*")) {
        plain = false;
      }
    }
    plain &= !Interpreters.runsText(call.from(start.index(), call.frame()).program());
    Input input = input(call, start.index());
    List<Word> words = filled(call.words(), start.index(), replaced, input);
    List<Word> resolved =
        call.unresolved() ? words : filled(call.resolved(), start.index(), replaced, input);
    Frame outer = call.frame().reading(input);
    Frame inner = plain ? outer.through(call.words()) : outer.inside(call.words());
    if (!plain) {
      walker.programs().plain(call, Effects.UNKNOWN);
    }
    walker.programs().look(new Call(words, resolved, inner, call.scope()));
    return true;
  }

  /** The words of the command it runs, with what it reads in their place or at their end. */
  private static List<Word> filled(List<Word> line, int from, String replaced, Input input) {
    String filling = filling(input);
    List<Word> words = new ArrayList<>();
    for (Word word : line.subList(from, line.size())) {
      boolean filled = replaced != null && !replaced.isEmpty() && word.text().contains(replaced);
      words.add(
          filled
              ? new Word(word.text().replace(replaced, filling), Word.Certainty.EXPANDED)
              : word);
    }
    if (replaced == null) {
      words.addAll(given(input));
    }
    return words;
  }

  /** What stands where it puts a line of its input: that line, if there is but one. */
  private static String filling(Input input) {
    String line = input.kind() == Input.Kind.TEXT ? input.text().strip() : "";
    return LINE.matcher(line).matches() ? line : ANY.text();
  }

  /** What it reads: whole names only where a zero byte ends each, and nothing from a file. */
  private static Input input(Call call, int end) {
    Input input = call.frame().input();
    if (input.kind() == Input.Kind.HANDED) {
      return Input.UNKNOWN;
    }
    boolean zeros = false;
    boolean odd = false;
    for (int i = 1; i < end; i++) {
      String text = call.text(i);
      if (text.matches("-a.*|--arg-f.*")) {
        return Input.UNKNOWN;
      }
      zeros |= text.matches("-[0rtx]*0[rtx]*|--null");
      odd |= !text.matches("-[0rtx]+|--null|-[nP][0-9]*|[0-9]+|--no-run-if-empty");
    }
    return zeros && !odd && call.sure() ? input : input.split();
  }

  /** The words that come from its input: those it is known to read, never taken as certain. */
  static List<Word> given(Input input) {
    if (input.kind() != Input.Kind.TEXT || input.text().length() > 500 || input.text().isBlank()) {
      return List.of(ANY);
    }
    List<Word> words = new ArrayList<>();
    for (String word : input.text().trim().split("\\s+")) {
      words.add(new Word(word, Word.Certainty.EXPANDED));
    }
    return words;
  }

  private boolean parallel(Call call) {
    Options.Start start = PARALLEL.find(call.words());
    walker.programs().plain(call, Effects.UNKNOWN.onlyExact());
    int end = start.index();
    while (end < call.size() && !call.text(end).matches(":::?:?\\+?")) {
      end++;
    }
    List<Word> words = new ArrayList<>(call.words().subList(start.index(), end));
    Frame inner = call.frame().inside(call.words());
    if (words.isEmpty()) {
      for (Word line : call.words().subList(Math.min(end + 1, call.size()), call.size())) {
        walker.script(line.text(), inner, call.scope().subshell(), false);
      }
      walker.parts().opaque(call.words(), "commands from its input", call.frame());
      return true;
    }
    StringBuilder line = new StringBuilder(Call.joined(words));
    line.append(' ').append("\"$@\"");
    walker.script(line.toString(), inner, call.scope().subshell(), false);
    return true;
  }

  private boolean watch(Call call) {
    Options options =
        Options.of(0, "-n --interval", "-b -c -d -e -g -p -q -r -t -w -x --beep --color --errexit");
    return joined(call, options.find(call.words()).index(), Effects.UNKNOWN.onlyExact());
  }

  private boolean flock(Call call) {
    Options options =
        Options.of(1, "-E --conflict-exit-code -w --wait --timeout", "-F -e -n -o -s -u -x");
    Options.Start start = options.find(call.words());
    int from = start.index();
    if (from + 1 < call.size() && call.text(from).matches("-c|--command")) {
      return joined(call, from + 1, Effects.UNKNOWN.onlyExact());
    }
    walker.programs().plain(call, Effects.UNKNOWN.onlyExact());
    if (from < call.size()) {
      walker.programs().look(call.from(from, call.frame().inside(call.words())));
    }
    return true;
  }

  private boolean script(Call call) {
    walker.programs().plain(call, Effects.UNKNOWN.onlyExact());
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      Frame inner = call.frame().inside(call.words());
      if (text.matches("-[a-z]*c|--command") && i + 1 < call.size()) {
        walker.script(call.text(i + 1), inner, call.scope().subshell(), true);
      } else if (text.startsWith("--command=")) {
        walker.script(text.substring(10), inner, call.scope().subshell(), true);
      } else if (!text.startsWith("-")
          && i + 1 < call.size()
          && !call.text(i - 1).startsWith("-c")) {
        walker.programs().look(call.from(i + 1, inner));
        break;
      }
    }
    return true;
  }

  /** The rest of the words is a line for a shell. */
  private boolean joined(Call call, int from, Effects outer) {
    walker.programs().plain(call, outer);
    if (from < call.size()) {
      Word line = Shells.joined(call.words().subList(from, call.size()), true);
      Frame inner = call.frame().inside(call.words());
      walker.script(line.text(), inner, call.scope().subshell(), true);
    }
    return true;
  }
}
