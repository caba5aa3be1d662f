package dev.countersign.embedded.authority;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may do what, read from {@code docs/authority-table.md}: the tables behind {@code <!-- oracle:
 * name -->}. A row is named by its first cell, up to a bracket; code and bold marks do not count.
 */
public final class AuthorityTable {
  private static final String MARK = "<!-- oracle: ";

  private final Map<String, Map<String, Map<String, String>>> tables = new HashMap<>();

  private AuthorityTable() {}

  /**
   * Reads the page of the checkout that this process runs in.
   *
   * @throws IllegalStateException if there is none above the working folder
   */
  public static AuthorityTable ofCheckout() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path page = at.resolve("docs/authority-table.md");
      if (Files.isRegularFile(page)) {
        try {
          return of(Files.readAllLines(page));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalStateException("docs/authority-table.md is not above the working folder");
  }

  /** Reads the lines of a page. */
  static AuthorityTable of(List<String> lines) {
    AuthorityTable read = new AuthorityTable();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(MARK)) {
        String name = lines.get(i).substring(MARK.length()).replace("-->", "").strip();
        int end = i + 1;
        while (end < lines.size() && lines.get(end).startsWith("|")) {
          end++;
        }
        read.tables.put(name, rows(lines.subList(i + 1, end)));
      }
    }
    return read;
  }

  private static Map<String, Map<String, String>> rows(List<String> lines) {
    List<String> columns = cells(lines.get(0));
    Map<String, Map<String, String>> rows = new HashMap<>();
    for (String line : lines.subList(2, lines.size())) {
      List<String> cells = cells(line);
      Map<String, String> row = new HashMap<>();
      for (int c = 1; c < columns.size(); c++) {
        row.put(columns.get(c), cells.get(c));
      }
      rows.put(cells.get(0).replaceAll(" \\(.*", ""), row);
    }
    return rows;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.strip().substring(1).split("\\|"))
        .map(cell -> cell.replace("`", "").strip())
        .toList();
  }

  /** What stands in a cell. */
  public String cell(String table, String row, String column) {
    Map<String, Map<String, String>> rows = tables.getOrDefault(table, Map.of());
    String cell = rows.getOrDefault(row, Map.of()).get(column);
    if (cell == null) {
      throw new IllegalArgumentException(
          "docs/authority-table.md has no cell %s / %s / %s".formatted(table, row, column));
    }
    return cell;
  }

  /** Whether a cell says yes; anything but yes and no is a fault of the page. */
  public boolean grants(String table, String row, String column) {
    String cell = cell(table, row, column);
    if (!cell.equals("yes") && !cell.equals("no")) {
      throw new IllegalArgumentException(row + " / " + column + " must say yes or no: " + cell);
    }
    return cell.equals("yes");
  }
}
