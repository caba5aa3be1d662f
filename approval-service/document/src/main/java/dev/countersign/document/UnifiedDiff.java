package dev.countersign.document;

import java.util.ArrayList;
import java.util.List;

/** Two texts as a unified diff, with nothing in it that hides or reorders what is shown. */
public final class UnifiedDiff {
  private static final int CONTEXT = 3;
  private static final long MOST_CELLS = 1_000_000;

  private record Line(char mark, String text) {}

  private UnifiedDiff() {}

  /** The diff; empty if the texts are equal. */
  public static String of(String oldName, String before, String newName, String after) {
    List<Line> lines = lines(before.split("\n", -1), after.split("\n", -1));
    StringBuilder out = new StringBuilder();
    int from = 0;
    while ((from = nextChange(lines, from)) < lines.size()) {
      int start = Math.max(0, from - CONTEXT);
      int end = endOfHunk(lines, from);
      hunk(lines, start, end, out);
      from = end;
    }
    return out.isEmpty()
        ? ""
        : "--- " + Shown.of(oldName) + "\n+++ " + Shown.of(newName) + "\n" + out;
  }

  private static int nextChange(List<Line> lines, int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).mark() == ' ') {
      at++;
    }
    return at;
  }

  /** Changes less than two contexts apart share a hunk. */
  private static int endOfHunk(List<Line> lines, int change) {
    int last = change;
    for (int at = change; at < lines.size() && at - last <= 2 * CONTEXT; at++) {
      if (lines.get(at).mark() != ' ') {
        last = at;
      }
    }
    return Math.min(lines.size(), last + 1 + CONTEXT);
  }

  private static void hunk(List<Line> lines, int start, int end, StringBuilder out) {
    long oldStart = lines.subList(0, start).stream().filter(l -> l.mark() != '+').count() + 1;
    long newStart = lines.subList(0, start).stream().filter(l -> l.mark() != '-').count() + 1;
    List<Line> hunk = lines.subList(start, end);
    long oldLines = hunk.stream().filter(l -> l.mark() != '+').count();
    long newLines = hunk.stream().filter(l -> l.mark() != '-').count();
    out.append("@@ -%d,%d +%d,%d @@\n".formatted(oldStart, oldLines, newStart, newLines));
    hunk.forEach(line -> out.append(line.mark()).append(Shown.of(line.text())).append('\n'));
  }

  private static List<Line> lines(String[] before, String[] after) {
    int head = 0;
    int most = Math.min(before.length, after.length);
    while (head < most && before[head].equals(after[head])) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && before[before.length - 1 - tail].equals(after[after.length - 1 - tail])) {
      tail++;
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < head; i++) {
      lines.add(new Line(' ', before[i]));
    }
    middle(before, after, head, before.length - tail, after.length - tail, lines);
    for (int i = before.length - tail; i < before.length; i++) {
      lines.add(new Line(' ', before[i]));
    }
    return lines;
  }

  /** The longest common subsequence; where that would cost too much, all old, then all new. */
  private static void middle(
      String[] before, String[] after, int head, int oldEnd, int newEnd, List<Line> to) {
    int rows = oldEnd - head;
    int columns = newEnd - head;
    boolean small = (long) rows * columns <= MOST_CELLS;
    int[][] common = small ? common(before, after, head, rows, columns) : null;
    int i = 0;
    int j = 0;
    while (i < rows && j < columns) {
      if (small && before[head + i].equals(after[head + j])) {
        to.add(new Line(' ', before[head + i]));
        i++;
        j++;
      } else if (!small || common[i + 1][j] >= common[i][j + 1]) {
        to.add(new Line('-', before[head + i++]));
      } else {
        to.add(new Line('+', after[head + j++]));
      }
    }
    while (i < rows) {
      to.add(new Line('-', before[head + i++]));
    }
    while (j < columns) {
      to.add(new Line('+', after[head + j++]));
    }
  }

  private static int[][] common(String[] before, String[] after, int head, int rows, int columns) {
    int[][] common = new int[rows + 1][columns + 1];
    for (int i = rows - 1; i >= 0; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        common[i][j] =
            before[head + i].equals(after[head + j])
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
