package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Word;
import java.util.Set;

/** Which commands read every file below the folders they name. */
final class FolderWalks {
  private static final Set<String> ALWAYS =
      Set.of("rg", "ag", "ack", "rgrep", "tar", "rsync", "scp");
  private static final Set<String> WITH_FLAG =
      Set.of("grep", "egrep", "fgrep", "cp", "zip", "diff");
  private static final Set<String> SKIP_HIDDEN = Set.of("rg", "ag", "ack");

  private FolderWalks() {}

  static boolean walks(Part.Command command) {
    String program = program(command);
    return ALWAYS.contains(program)
        || WITH_FLAG.contains(program)
            && command.words().stream().map(Word::text).anyMatch(FolderWalks::recursive);
  }

  /** Whether files whose name begins with a dot are read, too. */
  static boolean hidden(Part.Command command) {
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
