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
    if (runs) {
      FoundNames names = FoundNames.of(call.words());
      for (int i = 1; i < call.size(); i++) {
        if (RUNS.contains(call.text(i))) {
          int end = end(call.words(), i + 1);
          inner(call, i + 1, end, given(call, names, i));
          i = end;
        }
      }
    }
    return true;
  }

  /** What the command behind an action gets. */
  private static Input given(Call call, FoundNames names, int action) {
    Found found = names.at(action);
    return found == null || !call.sure()
        ? Input.UNKNOWN
        : Input.handed(roots(names.roots(), call.scope().directory()), found);
  }

  /** The folders a search begins in, as seen from where the script began. */
  static List<Word> roots(List<Word> written, Directory from) {
    List<Word> roots = new ArrayList<>();
    written.forEach(root -> roots.addAll(from.seen(root)));
    if (roots.isEmpty()) {
      roots.addAll(from.seen(new Word(".", Word.Certainty.LITERAL)));
    }
    return roots;
  }

  /** Where the command that begins at an index ends. */
  static int end(List<Word> words, int from) {
    int end = from;
    while (end < words.size() && !words.get(end).text().equals(";") && !ends(words, end)) {
      end++;
    }
    return end;
  }

  private static boolean ends(List<Word> words, int index) {
    return words.get(index).text().equals("+") && words.get(index - 1).text().contains("{}");
  }

  private void inner(Call call, int from, int end, Input input) {
    List<Word> words = new ArrayList<>();
    for (Word word : call.words().subList(from, end)) {
      boolean filled = word.text().contains("{");
      words.add(filled ? new Word(word.text(), Word.Certainty.EXPANDED) : word);
    }
    if (!words.isEmpty()) {
      Frame frame = call.frame().inside(call.words()).reading(input);
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
      inner(call, from, call.size(), Input.UNKNOWN);
    }
    return true;
  }
}
