package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.Word;
import java.util.List;
import java.util.Set;

/** Which commands reach every file below the folders they name. */
final class FolderWalks {
  private static final Set<String> ALWAYS =
      Set.of("rg", "ag", "ack", "rgrep", "tar", "rsync", "scp");
  private static final Set<String> WITH_FLAG =
      Set.of("grep", "egrep", "fgrep", "cp", "zip", "diff");
  private static final Set<String> SKIP_HIDDEN = Set.of("rg", "ag", "ack");

  /** What makes {@code find} choose among the files it finds. */
  private static final Set<String> FILTERS =
      Set.of(
          "-name",
          "-iname",
          "-path",
          "-ipath",
          "-wholename",
          "-regex",
          "-iregex",
          "-newer",
          "-mtime",
          "-mmin",
          "-atime",
          "-amin",
          "-ctime",
          "-cmin",
          "-size",
          "-empty",
          "-user",
          "-group",
          "-perm",
          "-lname",
          "-links",
          "-inum",
          "-samefile",
          "-prune");

  private FolderWalks() {}

  /** What a command reaches that names a path: the path, or all below it. */
  static PathTouch of(Part.Command command, PathTouch touch) {
    if (program(command).equals("find") && touch.use() == Use.DELETE) {
      return touch.found(unfiltered(command.words()));
    }
    if (touch.use() != Use.READ) {
      return touch;
    }
    boolean fed = false;
    for (Word word : command.words()) {
      fed |= placeholder(word);
    }
    return fed || walks(command)
        ? touch.walked(fed || hidden(command)).without(LeftOut.of(command))
        : touch;
  }

  /** Whether a search finds everything below where it begins. */
  static boolean unfiltered(List<Word> search) {
    return search.stream().map(Word::text).noneMatch(FILTERS::contains);
  }

  /** What {@code find} or {@code xargs} puts there. */
  private static boolean placeholder(Word word) {
    return word.text().equals("{}") && !word.literal();
  }

  static boolean walks(Part.Command command) {
    String program = program(command);
    return ALWAYS.contains(program)
        || WITH_FLAG.contains(program)
            && command.words().stream().map(Word::text).anyMatch(FolderWalks::recursive);
  }

  /** Whether files whose name begins with a dot are read, too. */
  private static boolean hidden(Part.Command command) {
    return !SKIP_HIDDEN.contains(program(command))
        || command.words().stream()
            .map(Word::text)
            .anyMatch(
                w ->
                    w.equals("--hidden")
                        || w.matches("-[a-z]*(\\.|u).*")
                        || w.equals("--unrestricted"));
  }

  private static boolean recursive(String word) {
    return word.equals("--recursive")
        || word.equals("--dereference-recursive")
        || word.equals("--archive")
        || word.matches("-[a-zA-Z]*[rRa][a-zA-Z0-9]*") && !word.startsWith("--");
  }

  private static String program(Part.Command command) {
    String name = command.words().get(0).text();
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
