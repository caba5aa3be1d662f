package dev.countersign.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Creates what is missing: an owner and a database for each service. */
final class PostgresDatabases {
  private PostgresDatabases() {}

  static void create(Database superuser, List<Database> wanted) {
    try (Connection connection =
            DriverManager.getConnection(
                superuser.jdbcUrl(), superuser.user(), superuser.password());
        Statement sql = connection.createStatement()) {
      for (Database database : wanted) {
        if (!exists(sql, "pg_roles WHERE rolname = '" + database.user() + "'")) {
          sql.execute(
              "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(database.user(), database.password()));
        }
        if (!exists(sql, "pg_database WHERE datname = '" + database.name() + "'")) {
          sql.execute("CREATE DATABASE %s OWNER %s".formatted(database.name(), database.user()));
          sql.execute("REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(database.name()));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the databases: " + e.getMessage(), e);
    }
  }

  private static boolean exists(Statement sql, String what) throws SQLException {
    try (ResultSet rows = sql.executeQuery("SELECT 1 FROM " + what)) {
      return rows.next();
    }
  }
}
