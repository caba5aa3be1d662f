package dev.countersign.approval;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;

/** A transaction that holds its locks until it is closed; then it is committed. */
final class Hold implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Connection connection;

  private Hold(Connection connection) {
    this.connection = connection;
  }

  /** Runs a statement and keeps what it locked. */
  static Hold of(String sql) {
    try {
      Connection connection = connect();
      connection.setAutoCommit(false);
      Hold hold = new Hold(connection);
      hold.also(sql);
      return hold;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs another statement in the same transaction. */
  void also(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until some statement of this kind waits for a lock, or something else is true. */
  static void awaitWaiting(String like, BooleanSupplier orElse) {
    Awaitility.await(like + " waits")
        .atMost(PATIENCE)
        .until(() -> orElse.getAsBoolean() || waiting("query LIKE '" + like + "'"));
  }

  /** Whether a statement waits for a lock. */
  static boolean waiting(String which) {
    return number(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND wait_event_type = 'Lock' AND ("
                + which
                + ")")
        > 0;
  }

  /** A number of the database. */
  static long number(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of what is found in the database. */
  static List<String> texts(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes the database. */
  static void run(String sql) {
    of(sql).close();
  }

  /** A connection of the caller's own. */
  static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        value("quarkus.datasource.jdbc.url"),
        value("quarkus.datasource.username"),
        value("quarkus.datasource.password"));
  }

  private static String value(String name) {
    return ConfigProvider.getConfig().getValue(name, String.class);
  }

  @Override
  public void close() {
    try (connection) {
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
