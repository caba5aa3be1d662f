package dev.countersign.store.it;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Looks through every table of the store's database. */
final class Tables {
  private Tables() {}

  /** The tables with a row that has this text in any column, also in bytes. */
  static List<String> holding(String text) throws SQLException {
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    List<String> found = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                World.config("test.jdbc"),
                World.config("quarkus.datasource.username"),
                World.config("quarkus.datasource.password"));
        var statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      for (String table : tables) {
        String sql =
            "select count(*) from \"%s\" t where t::text like '%%%s%%' or t::text like '%%%s%%'"
                .formatted(table, text, hex);
        try (ResultSet rows = statement.executeQuery(sql)) {
          rows.next();
          if (rows.getLong(1) > 0) {
            found.add(table);
          }
        }
      }
    }
    return found;
  }
}
