package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which files git reads out of a commit, or beside its repository. */
final class CommitFiles {
  /** What of git reads the files of any commit that its words name. */
  private static final Set<String> OF_A_COMMIT = Set.of("show", "cat-file", "diff");

  private static final Set<String> FILES_OF_GIT =
      Set.of("blame", "annotate", "diff", "grep", "log", "show", "whatchanged");

  private CommitFiles() {}

  /** {@code git show HEAD:file} prints the file, {@code git blame file} too. */
  static List<Mention> of(PathReader paths, Part.Command command) {
    List<Mention> found = new ArrayList<>();
    boolean all = false;
    boolean named = false;
    for (Word word : command.words().subList(1, command.words().size())) {
      String text = word.text();
      all |= FILES_OF_GIT.contains(text) || text.equals("--no-index");
      named |= OF_A_COMMIT.contains(text);
      int colon = text.indexOf(':');
      if (word.literal() && text.length() <= 4096 && !text.startsWith("-")) {
        if (named && colon >= 0 && colon + 1 < text.length()) {
          String file = text.substring(colon + 1).replaceFirst("^[0-3]:", "");
          found.add(new Mention(paths.literal(file.isEmpty() ? "." : file, Use.READ), true));
        } else if (all) {
          found.add(new Mention(paths.literal(text, Use.READ), true));
        }
      }
    }
    return found;
  }
}
