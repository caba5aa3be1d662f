package dev.countersign.local;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A lock in a database that holds back a service's commit, so that a test can arrange what happens
 * right after it.
 */
final class HeldLock implements AutoCloseable {
  private final Connection holder;

  private HeldLock(Connection holder) {
    this.holder = holder;
  }

  /** Nobody can write to the table; everybody can read it. */
  static HeldLock onTable(Connection connection, String table) throws SQLException {
    return hold(connection, "LOCK TABLE " + table + " IN SHARE MODE");
  }

  /** Nobody can change the rows that the query finds. */
  static HeldLock onRows(Connection connection, String query) throws SQLException {
    return hold(connection, query + " FOR UPDATE");
  }

  private static HeldLock hold(Connection connection, String sql) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return new HeldLock(connection);
  }

  /**
   * Waits until a statement waits for a lock that contains this text among its first 1,024 bytes:
   * Postgres shows no more of it ({@code track_activity_query_size}).
   */
  void awaitWaiter(String text) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              try (Statement statement = holder.createStatement()) {
                // A transaction sees the same activity as at its first look, unless it forgets it.
                statement.execute("SELECT pg_stat_clear_snapshot()");
                try (ResultSet rows =
                    statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND query ILIKE '%"
                            + text
                            + "%'")) {
                  rows.next();
                  return rows.getInt(1) > 0;
                }
              }
            });
  }

  /** Lets whoever waits go on. */
  void release() throws SQLException {
    holder.rollback();
    holder.close();
  }

  @Override
  public void close() throws SQLException {
    if (!holder.isClosed()) {
      release();
    }
  }
}
