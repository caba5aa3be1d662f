package dev.countersign.policy.shell;

import dev.countersign.policy.shell.KnownCommand.Operands;
import java.util.ArrayList;
import java.util.List;

/** The files and folders that the words of a known command name. */
final class TouchedPaths {
  private final KnownCommand entry;
  private final Call call;
  private final List<PathUse> paths = new ArrayList<>();

  TouchedPaths(KnownCommand entry, Call call) {
    this.entry = entry;
    this.call = call;
  }

  List<PathUse> all() {
    return paths;
  }

  void touch(Word path, PathUse.Use use) {
    boolean harmless =
        path == null
            || path == Words.PROCESS
            || path.text().equals("-")
            || path.text().equals("/dev/null");
    if (!harmless) {
      for (Word seen : call.scope().directory().seen(path)) {
        paths.add(new PathUse(seen, use));
      }
    }
  }

  /** Adds an operand; {@code edits} if it is changed as well. */
  void operand(Word operand, boolean edits) {
    Input input = call.frame().input();
    if (operand.equals(Batches.ANY) && input.handsPaths()) {
      for (Word root : input.paths()) {
        paths.add(new PathUse(root, use(), input.found()));
        if (edits) {
          paths.add(new PathUse(root, PathUse.Use.WRITE, input.found()));
        }
      }
      return;
    }
    touch(operand, use());
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
    if (source.literal() && folder.literal() && !name.isEmpty()) {
      String base = folder.text().endsWith("/") ? folder.text() : folder.text() + "/";
      touch(new Word(base + name, Word.Certainty.LITERAL), PathUse.Use.WRITE);
    }
  }
}
