package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which files a command takes away without deleting them itself. */
final class Removals {
  private static final Set<String> SEARCHES = Set.of("find", "gfind", "bfs");

  private final PathReader paths;
  private final Part.Command command;
  private final List<Mention> found = new ArrayList<>();

  private Removals(PathReader paths, Part.Command command) {
    this.paths = paths;
    this.command = command;
  }

  static List<Mention> of(PathReader paths, Part.Command command) {
    Removals removals = new Removals(paths, command);
    removals.look();
    return removals.found;
  }

  /** What is gone afterwards: what is moved away, and what a search finds and hands over. */
  private void look() {
    String name = command.words().get(0).text();
    if (name.substring(name.lastIndexOf('/') + 1).equals("mv")) {
      sources().forEach(this::removed);
    } else if (command.reach() == Reach.DELETE) {
      command.paths().stream()
          .filter(use -> use.use() == Use.DELETE && use.path().text().contains("{}"))
          .forEach(use -> removed(use.path()));
    }
  }

  private void removed(Word word) {
    if (word.text().contains("{}") && !word.literal()) {
      for (List<Word> search : command.wrappedIn()) {
        if (SEARCHES.contains(search.get(0).text())) {
          boolean everything = FolderWalks.unfiltered(search);
          for (Word start : starts(search)) {
            remove(paths.inScript(start, Use.DELETE).found(everything));
          }
        }
      }
      return;
    }
    boolean relative = !word.text().startsWith("/") && !word.text().startsWith("~");
    PathTouch touch = paths.inScript(word, Use.DELETE);
    if (touch.glob().isEmpty() || !relative) {
      remove(touch);
    }
  }

  private void remove(PathTouch touch) {
    if (!touch.unresolved() || touch.lost()) {
      found.add(new Mention(touch, false));
    }
  }

  /** What {@code mv} takes away: every operand but the last, or all if the target is an option. */
  private List<Word> sources() {
    List<Word> operands = new ArrayList<>();
    boolean target = false;
    boolean value = false;
    boolean options = true;
    for (Word word : command.words().subList(1, command.words().size())) {
      String text = word.text();
      if (value) {
        value = false;
      } else if (options && text.equals("--")) {
        options = false;
      } else if (options && text.startsWith("-") && text.length() > 1) {
        boolean into = text.matches("-[a-zA-Z]*t.*") && !text.startsWith("--");
        value = into && text.endsWith("t") || text.equals("--target-directory");
        target |= into || text.startsWith("--target-directory");
      } else {
        operands.add(word);
      }
    }
    return target || operands.isEmpty() ? operands : operands.subList(0, operands.size() - 1);
  }

  /** Where a search begins. */
  private static List<Word> starts(List<Word> search) {
    List<Word> starts = new ArrayList<>();
    for (Word word : search.subList(1, search.size())) {
      String text = word.text();
      if (Set.of("-H", "-L", "-P").contains(text)) {
        continue;
      }
      if (text.startsWith("-") || text.equals("(") || text.equals("!")) {
        break;
      }
      starts.add(word);
    }
    return starts.isEmpty() ? List.of(new Word(".", Word.Certainty.LITERAL)) : starts;
  }
}
