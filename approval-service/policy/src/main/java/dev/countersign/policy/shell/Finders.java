package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code find} and {@code fd}, which can run commands, delete and write. */
final class Finders {
  private static final Set<String> RUNS = Set.of("-exec", "-execdir", "-ok", "-okdir");
  private static final Set<String> FD_RUNS = Set.of("-x", "--exec", "-X", "--exec-batch");

  private final Walker walker;

  Finders(Walker walker) {
    this.walker = walker;
  }

  static void addTo(Programs.Table<Finders> looks) {
    looks.put("find", Finders::find);
    looks.put("gfind", Finders::find);
    looks.put("bfs", Finders::find);
    looks.put("fd", Finders::fd);
    looks.put("fdfind", Finders::fd);
  }

  private boolean find(Call call) {
    Effects effects = KnownCommands.effects(call);
    boolean deletes = false;
    boolean runs = false;
    for (Word word : call.arguments()) {
      deletes |= word.text().equals("-delete");
      runs |= RUNS.contains(word.text());
    }
    if (deletes) {
      List<PathUse> paths = new ArrayList<>();
      for (PathUse path : effects.paths()) {
        paths.add(new PathUse(path.path(), PathUse.Use.DELETE));
      }
      if (paths.isEmpty()) {
        paths.add(new PathUse(new Word(".", Word.Certainty.LITERAL), PathUse.Use.DELETE));
      }
      effects = effects.touching(paths).onlyExact();
      effects = new Effects(Part.Reach.DELETE, effects.paths(), List.of(), true, null, List.of());
    }
    if (runs) {
      effects = effects.onlyExact();
    }
    walker.programs().plain(call, effects);
    for (int i = 1; i < call.size(); i++) {
      if (RUNS.contains(call.text(i))) {
        i = run(call, i + 1);
      }
    }
    return true;
  }

  /** Looks at the command that begins here; returns where it ends. */
  private int run(Call call, int from) {
    int end = from;
    while (end < call.size() && !call.text(end).equals(";") && !ends(call, end)) {
      end++;
    }
    inner(call, from, end);
    return end;
  }

  private static boolean ends(Call call, int index) {
    return call.text(index).equals("+") && call.text(index - 1).contains("{}");
  }

  private void inner(Call call, int from, int end) {
    List<Word> words = new ArrayList<>();
    for (Word word : call.words().subList(from, end)) {
      boolean filled = word.text().contains("{");
      words.add(filled ? new Word(word.text(), Word.Certainty.EXPANDED) : word);
    }
    if (!words.isEmpty()) {
      Frame frame = call.frame().inside(call.words()).reading(Input.UNKNOWN);
      walker.programs().look(Call.of(words, frame, call.scope()));
    }
  }

  private boolean fd(Call call) {
    Effects effects = KnownCommands.effects(call);
    int from = 0;
    for (int i = 1; i < call.size() && from == 0; i++) {
      String text = call.text(i);
      boolean cluster = text.matches("-[A-Za-z]*[xX].*") && !text.startsWith("--");
      if (FD_RUNS.contains(text) || text.startsWith("--exec") || cluster) {
        from = i + 1;
      }
    }
    walker.programs().plain(call, from > 0 ? effects.onlyExact() : effects);
    if (from > 0) {
      inner(call, from, call.size());
    }
    return true;
  }
}
