package dev.countersign.embedded.authority;

import dev.countersign.embedded.DocTables;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may do what, read from {@code docs/authority-table.md}: the tables behind {@code <!-- oracle:
 * name -->}. A row is named by its first cell, up to a bracket; code and bold marks do not count.
 */
public final class AuthorityTable {
  private final Map<String, Map<String, Map<String, String>>> tables = new HashMap<>();

  private AuthorityTable() {}

  /**
   * Reads the page of the checkout that this process runs in.
   *
   * @throws IllegalStateException if there is none above the working folder
   */
  public static AuthorityTable ofCheckout() {
    AuthorityTable read = new AuthorityTable();
    DocTables.of("docs/authority-table.md")
        .forEach((name, table) -> read.tables.put(name, rows(table)));
    return read;
  }

  private static Map<String, Map<String, String>> rows(List<List<String>> table) {
    List<String> columns = table.get(0);
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    for (List<String> cells : table.subList(1, table.size())) {
      Map<String, String> row = new LinkedHashMap<>();
      for (int c = 1; c < columns.size(); c++) {
        row.put(columns.get(c), cells.get(c));
      }
      rows.put(cells.get(0).replaceAll(" \\(.*", ""), row);
    }
    return rows;
  }

  /** The tables by their names. */
  public Set<String> names() {
    return tables.keySet();
  }

  /** The rows of a table, in their order. */
  public Set<String> rows(String table) {
    return tables.getOrDefault(table, Map.of()).keySet();
  }

  /** The columns behind the first of a row, in their order. */
  public Set<String> columns(String table, String row) {
    return tables.getOrDefault(table, Map.of()).getOrDefault(row, Map.of()).keySet();
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
