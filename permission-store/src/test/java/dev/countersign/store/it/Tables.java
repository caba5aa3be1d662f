package dev.countersign.store.it;

import dev.countersign.embedded.Traces;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.SortedSet;

/** Looks through every table of the store's database. */
final class Tables {
  private Tables() {}

  /** The columns with this text in any row, also in bytes. */
  static SortedSet<String> holding(String text) throws SQLException {
    try (Connection connection = connect()) {
      return Traces.holding(connection, text);
    }
  }

  /** Every column. */
  static SortedSet<String> columns() throws SQLException {
    try (Connection connection = connect()) {
      return Traces.columns(connection);
    }
  }

  static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        World.config("test.jdbc"),
        World.config("quarkus.datasource.username"),
        World.config("quarkus.datasource.password"));
  }
}
