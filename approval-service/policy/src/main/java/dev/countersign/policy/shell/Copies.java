package dev.countersign.policy.shell;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Programs a script copies, moves or links: what it then runs by the new name is the old one. */
final class Copies {
  private static final Set<String> COPIERS =
      Set.of("cp", "gcp", "ln", "gln", "mv", "gmv", "install");

  private final Map<String, Word> sources = new HashMap<>();
  private boolean anywhere;

  /** Whether a program copies. */
  static boolean copies(String program) {
    return COPIERS.contains(name(program));
  }

  /** Notes a command of the script that copies. */
  void note(List<Word> command) {
    List<Word> operands =
        command.stream().skip(1).filter(word -> !word.text().startsWith("-")).toList();
    if (operands.size() < 2) {
      return;
    }
    Word target = operands.get(operands.size() - 1);
    Word source = operands.get(operands.size() - 2);
    anywhere |= !target.literal() && program(source);
    sources.put(name(target.text()), source);
    for (Word one : operands.subList(0, operands.size() - 1)) {
      sources.putIfAbsent(name(one.text()), one);
    }
  }

  /** What a path that is run was copied from; null if it was not, as far as is known. */
  Word source(String run) {
    if (sources.isEmpty()) {
      return null;
    }
    if (run.indexOf('/') < 0) {
      Word source = sources.get(run);
      return source != null && program(source) && !name(source.text()).equals(run) ? source : null;
    }
    Word source = sources.get(name(run));
    return source == null && anywhere ? new Word("$copied", Word.Certainty.EXPANDED) : source;
  }

  /** Whether a file may well be a program of the system. */
  private static boolean program(Word source) {
    return !source.literal() || source.text().matches("(?:/.*)?/s?bin/.*");
  }

  private static String name(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.substring(plain.lastIndexOf('/') + 1);
  }
}
