package dev.countersign.policy.parts;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Script;
import dev.countersign.policy.shell.Word;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The folders a script may be in while it runs: its start, and wherever a {@code cd} may have led.
 *
 * @param folders empty if that cannot be told
 * @param moves whether some {@code cd} leads elsewhere
 */
record WorkingFolders(List<String> folders, boolean moves) {
  private static final Pattern LOOP = Pattern.compile("\\b(while|until|for|select|function)\\b|\\(\\)");
  private static final int MOST = 16;

  static WorkingFolders of(Script script, ToolCall call, String source) {
    if (call.cwd() == null) {
      return new WorkingFolders(List.of(), false);
    }
    Set<String> folders = new LinkedHashSet<>(Set.of(Paths.clean(call.cwd())));
    boolean moves = false;
    for (Part part : script.parts()) {
      if (!(part instanceof Part.Command command) || !changesFolder(command)) {
        continue;
      }
      Word target = target(command);
      boolean certain = target != null && target.literal() && !target.text().equals("-");
      boolean again = certain && target.text().contains("..") && LOOP.matcher(source).find();
      if (!certain || again || folders.size() > MOST) {
        return new WorkingFolders(List.of(), true);
      }
      for (String folder : List.copyOf(folders)) {
        String next = Paths.absolute(target.text(), folder, call.home());
        if (next == null) {
          return new WorkingFolders(List.of(), true);
        }
        moves |= folders.add(next);
      }
    }
    return new WorkingFolders(List.copyOf(folders), moves);
  }

  private static boolean changesFolder(Part.Command command) {
    String program = command.words().get(0).text();
    return program.equals("cd")
        || program.equals("pushd")
        || program.equals("popd")
        || program.equals("chdir");
  }

  private static Word target(Part.Command command) {
    for (Word word : command.words().subList(1, command.words().size())) {
      if (!word.text().startsWith("-") || word.text().equals("-")) {
        return word;
      }
    }
    return command.words().get(0).text().equals("cd")
        ? new Word("~", Word.Certainty.LITERAL)
        : null;
  }
}
