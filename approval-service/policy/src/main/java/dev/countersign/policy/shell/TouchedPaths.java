package dev.countersign.policy.shell;

import dev.countersign.policy.shell.KnownCommand.Operands;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files and folders that the words of a known command name. */
final class TouchedPaths {
  private static final Pattern SOURCE = Pattern.compile("(?s)(?:source|src)=(.*)");

  /** Another name is one that the container's program made. */
  private static final Pattern LOCAL = Pattern.compile("[/.~$`]");

  private final KnownCommand entry;
  private final Call call;
  private final Set<PathUse> paths = new LinkedHashSet<>();
  private final Set<Word> folders = new LinkedHashSet<>();
  private boolean below;
  private boolean handed;

  TouchedPaths(KnownCommand entry, Call call) {
    this.entry = entry;
    this.call = call;
  }

  /** Each once, however often the words name it. */
  List<PathUse> all() {
    return List.copyOf(paths);
  }

  boolean none() {
    return paths.isEmpty();
  }

  /** From now on, all below a folder that is read is read, too. */
  void withAllBelow() {
    below = true;
  }

  /** The operands lie in this folder; of very many, or a very long one, in any folder at all. */
  void inside(Word folder) {
    if (folder == null || folders.contains(Batches.ANY)) {
      return;
    }
    folders.add(folder);
    if (folders.size() > Directory.MOST || folder.text().length() > Directory.LONGEST) {
      folders.clear();
      folders.add(Batches.ANY);
    }
  }

  void touch(Word path, PathUse.Use use) {
    boolean harmless =
        path == null
            || path == Words.PROCESS
            || path.text().equals("-")
            || path.text().equals("/dev/null")
            || entry.trees != null && entry.trees.elsewhere(path);
    if (!harmless) {
      for (Word seen : call.scope().directory().seen(path)) {
        add(new PathUse(seen, use));
      }
    }
  }

  private void add(PathUse path) {
    paths.add(below && path.use() == PathUse.Use.READ ? path.withAllBelow() : path);
  }

  /** Adds what a list names; null for none. */
  void listed(Word list) {
    if (list == null) {
      return;
    }
    Input input = call.frame().input();
    boolean given = list.text().matches("-|/dev/stdin|/dev/fd/0");
    for (Word name : given ? Batches.given(input) : List.of(Batches.ANY)) {
      touch(name, PathUse.Use.READ);
    }
  }

  /** Adds a folder that is given to a container: {@code /here:/there}, {@code source=/here,…}. */
  void mounted(Word mount) {
    if (mount == null) {
      return;
    }
    String text = mount.text().startsWith("=") ? mount.text().substring(1) : mount.text();
    int colon = text.indexOf(':');
    mounted(colon < 0 ? text : text.substring(0, colon), mount);
    for (String field : text.split(",")) {
      Matcher named = SOURCE.matcher(field);
      if (named.matches()) {
        mounted(named.group(1), mount);
      }
    }
  }

  private void mounted(String path, Word mount) {
    if (LOCAL.matcher(path).lookingAt()) {
      below = true;
      touch(mount.literal() ? new Word(path, mount.certainty()) : unsure(path), PathUse.Use.READ);
      below = false;
    }
  }

  private static Word unsure(String path) {
    return new Word(path, Word.Certainty.EXPANDED);
  }

  /** Adds an archive that is written, and what is put into it. */
  void packed(List<Word> operands) {
    for (int i = 0; i < operands.size(); i++) {
      if (i == 0) {
        touch(operands.get(i), PathUse.Use.WRITE);
      } else {
        operand(operands.get(i), false);
      }
    }
  }

  /** Adds an operand; {@code edits} if it is changed as well. */
  void operand(Word operand, boolean edits) {
    Input input = call.frame().input();
    if (operand.equals(Batches.ANY) && input.handsPaths()) {
      if (handed) {
        return;
      }
      handed = true;
      for (Word root : input.paths()) {
        add(new PathUse(root, use(), input.found()));
        if (edits) {
          paths.add(new PathUse(root, PathUse.Use.WRITE, input.found()));
        }
      }
      return;
    }
    for (Word folder : folders) {
      String there = folder.text() + "/" + operand.text();
      boolean one = folders.size() == 1 && folder.literal() && operand.literal();
      touch(one ? new Word(there, Word.Certainty.LITERAL) : unsure(there), use());
    }
    if (folders.isEmpty() || operand.text().startsWith("/") || operand.text().startsWith("~")) {
      touch(operand, use());
    }
    if (edits) {
      touch(operand, PathUse.Use.WRITE);
    }
  }

  private PathUse.Use use() {
    return switch (entry.reach) {
      case DELETE -> PathUse.Use.DELETE;
      case EDIT -> PathUse.Use.WRITE;
      case READ, OTHER -> PathUse.Use.READ;
    };
  }

  /**
   * Adds sources and the destination, which stands last.
   *
   * @param into whether an option names the destination instead
   */
  void copied(List<Word> operands, boolean into) {
    for (int i = 0; i < operands.size(); i++) {
      boolean last = i == operands.size() - 1 && !into && operands.size() > 1;
      touch(operands.get(i), last ? PathUse.Use.WRITE : PathUse.Use.READ);
      if (!last && entry.operands == Operands.MOVE) {
        touch(operands.get(i), PathUse.Use.WRITE);
      }
      if (!last && !into && operands.size() > 1) {
        within(operands.get(operands.size() - 1), operands.get(i));
      }
    }
  }

  /** Where a source ends up if the destination is a folder. */
  private void within(Word folder, Word source) {
    String path = source.text();
    String name = path.substring(path.lastIndexOf('/', Math.max(0, path.length() - 2)) + 1);
    if (folder.text().length() > Directory.LONGEST) {
      touch(unsure(Batches.ANY.text() + "/" + name), PathUse.Use.WRITE);
    } else if (source.literal() && folder.literal() && !name.isEmpty()) {
      String base = folder.text().endsWith("/") ? folder.text() : folder.text() + "/";
      touch(new Word(base + name, Word.Certainty.LITERAL), PathUse.Use.WRITE);
    }
  }
}
