package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code awk} and {@code sed}: filters whose programs can run commands and write files. */
final class Filters {
  private static final Pattern SYSTEM = Pattern.compile("system\\s*\\(\\s*\"([^\"]{1,500})\"");
  private static final Pattern PIPE =
      Pattern.compile("\"([^\"]{1,500})\"\\s*\\|&?\\s*getline|\\|&?\\s*\"([^\"]{1,500})\"");

  private static final Pattern PRINTED =
      Pattern.compile("\\bprintf?\\b[^;}\n]{0,500}?>>?\\s*\"([^\"]{1,500})\"");

  private static final Pattern GOT =
      Pattern.compile("\\bgetline\\b[^;}\n\"]{0,500}?<\\s*\"([^\"]{1,500})\"");

  private static final Options AWK =
      Options.of(
          0,
          "-F --field-separator -v --assign",
          "-b -c -e -h -n -O -P -r -s -S -t -V --posix --re-interval --csv --sandbox");

  private final Walker walker;

  Filters(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Filters> looks) {
    for (String name : List.of("awk", "gawk", "mawk", "nawk", "original-awk")) {
      looks.put(name, Filters::awk);
    }
    looks.put("sed", Filters::sed);
    looks.put("gsed", Filters::sed);
  }

  private boolean awk(Call call) {
    Options.Start start = AWK.find(call.words());
    if (start.index() >= call.size()) {
      boolean asks = call.size() == 2 && call.text(1).equals("--version");
      walker.programs().plain(call, asks ? Effects.NOTHING : Effects.UNKNOWN);
      return true;
    }
    Word program = call.word(start.index());
    boolean reads =
        start.sure()
            && program.literal()
            && !Pattern.compile("system|[|>@]|getline|ARGV|ENVIRON").matcher(program.text()).find();
    for (int i = 1; i < start.index(); i++) {
      reads &= call.word(i).literal() && !call.text(i).matches("-[A-Za-z]*e.*");
    }
    List<PathUse> paths = new ArrayList<>();
    for (int i = start.index() + 1; i < call.size(); i++) {
      boolean assigns = Environment.isAssignment(call.text(i));
      reads &= !call.text(i).startsWith("-") || call.text(i).equals("-");
      if (!assigns && !call.text(i).equals("-")) {
        for (Word path : call.scope().directory().seen(call.word(i))) {
          paths.add(new PathUse(path, PathUse.Use.READ));
        }
      }
    }
    Part.Reach reach = reads ? Part.Reach.READ : Part.Reach.OTHER;
    if (!reads) {
      named(call, program.text(), PRINTED, PathUse.Use.WRITE, paths);
      named(call, program.text(), GOT, PathUse.Use.READ, paths);
    }
    walker.programs().plain(call, Effects.of(reach, paths));
    if (!reads) {
      walker.parts().opaque(call.words(), "a program for " + call.program(), call.frame());
      commands(call, program.text());
    }
    return true;
  }

  /** The files a program for awk prints to or gets lines from, where it names them. */
  private static void named(
      Call call, String program, Pattern pattern, PathUse.Use use, List<PathUse> paths) {
    Matcher matcher = pattern.matcher(program.substring(0, Math.min(program.length(), 20_000)));
    while (matcher.find()) {
      for (Word path : call.scope().directory().seen(literal(matcher.group(1)))) {
        paths.add(new PathUse(path, use));
      }
    }
  }

  private void commands(Call call, String program) {
    Frame inner = call.frame().inside(call.words()).notAllowable("a command in a program");
    for (Pattern pattern : List.of(SYSTEM, PIPE)) {
      Matcher matcher =
          pattern.matcher(program.length() > 20_000 ? program.substring(0, 20_000) : program);
      while (matcher.find()) {
        String command =
            matcher.group(1) != null ? matcher.group(1) : matcher.group(matcher.groupCount());
        walker.script(command, inner, call.scope().subshell(), true);
      }
    }
  }

  private boolean sed(Call call) {
    List<Word> scripts = new ArrayList<>();
    List<Word> files = new ArrayList<>();
    boolean inPlace = false;
    boolean known = true;
    boolean options = true;
    for (int i = 1; i < call.size(); i++) {
      String text = call.text(i);
      if (!options || !text.startsWith("-") || text.equals("-")) {
        files.add(call.word(i));
        known &=
            !options
                || call.word(i).certainty() == Word.Certainty.LITERAL
                || !text.matches("[$*?\\[`].*");
      } else if (text.equals("--")) {
        options = false;
      } else if (text.matches("-[nrEsuz]*e|--expression") && i + 1 < call.size()) {
        scripts.add(call.word(++i));
      } else if (text.startsWith("--expression=")) {
        scripts.add(new Word(text.substring(13), call.word(i).certainty()));
      } else if (text.matches("(?s)-[nrEsuz]*e.+")) {
        scripts.add(new Word(text.substring(text.indexOf('e') + 1), call.word(i).certainty()));
      } else if (text.matches("(?s)-[nrEsuz]*i.*|--in-p.*")) {
        inPlace = true;
      } else if (text.matches("-[lL]|--line-length")) {
        i++;
      } else {
        known &=
            text.matches(
                "-[nrEsuz]+|--quiet|--silent|--regexp-extended|--null-data|--separate|--unbuffered|--posix|--debug|--sandbox|--version|--help");
      }
    }
    boolean asks = call.size() == 2 && call.text(1).matches("--version|--help");
    if (scripts.isEmpty() && !files.isEmpty() && known) {
      scripts.add(files.remove(0));
    }
    emit(call, scripts, files, inPlace, known && (asks || !scripts.isEmpty()));
    return true;
  }

  private void emit(
      Call call, List<Word> scripts, List<Word> files, boolean inPlace, boolean known) {
    boolean safe = known;
    List<PathUse> paths = new ArrayList<>();
    SedScript.Outcome outcome = new SedScript.Outcome();
    for (Word script : scripts) {
      safe &= script.literal();
      SedScript.read(script.text(), outcome);
    }
    for (Word file : files) {
      if (file.text().equals("-")) {
        continue;
      }
      filtered(call, file, inPlace, paths);
    }
    for (Word file : seeming(call, files)) {
      filtered(call, file, inPlace, paths);
    }
    boolean globs = files.stream().anyMatch(file -> !file.literal());
    outcome.reads.forEach(file -> paths.add(new PathUse(literal(file), PathUse.Use.READ)));
    outcome.writes.forEach(file -> paths.add(new PathUse(literal(file), PathUse.Use.WRITE)));
    Part.Reach reach = Part.Reach.OTHER;
    if (safe && outcome.understood && outcome.commands.isEmpty() && !globs) {
      boolean writes = inPlace || !outcome.writes.isEmpty();
      reach = writes ? Part.Reach.EDIT : Part.Reach.READ;
    }
    Effects effects = Effects.of(reach, paths);
    walker.programs().plain(call, outcome.runs ? effects.onlyExact() : effects);
    Frame inner = call.frame().inside(call.words()).notAllowable("a command in a sed script");
    for (String command : outcome.commands) {
      walker.script(command, inner, call.scope().subshell(), true);
    }
    if (outcome.runs) {
      walker.parts().opaque(call.words(), "a sed script that runs commands", call.frame());
    }
  }

  private static void filtered(Call call, Word file, boolean inPlace, List<PathUse> paths) {
    Input input = call.frame().input();
    if (inPlace && file.equals(Batches.ANY) && input.handsPaths()) {
      input.paths().forEach(p -> paths.add(new PathUse(p, PathUse.Use.WRITE, input.found())));
    }
    for (Word path : call.scope().directory().seen(file)) {
      paths.add(new PathUse(path, PathUse.Use.READ));
      if (inPlace) {
        paths.add(new PathUse(path, PathUse.Use.WRITE));
      }
    }
  }

  /** What those of some words whose variables hold something known seem to be. */
  private static List<Word> seeming(Call call, List<Word> words) {
    List<Word> seeming = new ArrayList<>();
    for (int i = 1; i < call.size() && !call.unresolved(); i++) {
      Word resolved = call.resolved().get(i);
      if (!resolved.equals(call.word(i)) && words.contains(call.word(i))) {
        seeming.add(resolved);
      }
    }
    return seeming;
  }

  private static Word literal(String text) {
    return new Word(text, Word.Certainty.LITERAL);
  }
}
