package dev.countersign.local.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows of text under headings, in columns as wide as they need to be. */
final class Table {
  private static final int WIDEST = 60;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  void row(String... cells) {
    rows.add(List.of(cells).stream().map(Table::fit).toList());
  }

  void print(PrintStream out) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      out.println(line(rows.get(r), widths));
      if (r == 0) {
        out.println(line(List.of(rule(widths)), widths));
      }
    }
  }

  private static String[] rule(int[] widths) {
    String[] dashes = new String[widths.length];
    for (int i = 0; i < widths.length; i++) {
      dashes[i] = "-".repeat(widths[i]);
    }
    return dashes;
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }

  private static String fit(String cell) {
    return cell.length() <= WIDEST ? cell : cell.substring(0, WIDEST - 1) + "…";
  }
}
