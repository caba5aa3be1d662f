package dev.countersign.embedded;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks for a text in every column of every table that a database has, whatever their types. */
public final class Traces {
  private static final String COLUMNS =
      "SELECT table_name, column_name FROM information_schema.columns"
          + " JOIN information_schema.tables USING (table_schema, table_name)"
          + " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
          + " AND table_name <> 'flyway_schema_history'";

  private Traces() {}

  /** Every column, as {@code table.column}, but for those of the migrations' own table. */
  public static SortedSet<String> columns(Connection database) throws SQLException {
    SortedSet<String> columns = new TreeSet<>();
    byTable(database)
        .forEach((table, names) -> names.forEach(name -> columns.add(table + "." + name)));
    return columns;
  }

  /** The columns that hold a text in any row, also in bytes. */
  public static SortedSet<String> holding(Connection database, String text) throws SQLException {
    SortedSet<String> found = new TreeSet<>();
    for (Map.Entry<String, SortedSet<String>> table : byTable(database).entrySet()) {
      List<String> names = List.copyOf(table.getValue());
      List<String> holds = names.stream().map(name -> holds(name, text)).toList();
      try (Statement statement = database.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT %s FROM \"%s\"".formatted(String.join(", ", holds), table.getKey()))) {
        row.next();
        for (int i = 0; i < names.size(); i++) {
          if (row.getBoolean(i + 1)) {
            found.add(table.getKey() + "." + names.get(i));
          }
        }
      }
    }
    return found;
  }

  private static String holds(String column, String text) {
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    return "bool_or(strpos(\"%1$s\"::text, '%2$s') > 0 OR strpos(\"%1$s\"::text, '%3$s') > 0)"
        .formatted(column, text, hex);
  }

  private static Map<String, SortedSet<String>> byTable(Connection database) throws SQLException {
    Map<String, SortedSet<String>> tables = new TreeMap<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS)) {
      while (rows.next()) {
        tables.computeIfAbsent(rows.getString(1), t -> new TreeSet<>()).add(rows.getString(2));
      }
    }
    return tables;
  }
}
