package dev.countersign.store.it;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What a standby of the store's database has of one user when it stops receiving: their rows, and
 * how far the topic was known. All else goes on.
 */
final class Standby implements AutoCloseable {
  private static final List<String> TABLES = List.of("user_permissions", "permission_history");

  private final Connection connection;
  private final String user;

  Standby(String user) throws SQLException {
    this.user = user;
    connection = Tables.connect();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute(
            "create temporary table lagging_%1$s as select * from %1$s where user_id = '%2$s'"
                .formatted(table, user));
      }
      statement.execute("create temporary table lagging_offset as select * from published_offset");
    }
    connection.commit();
  }

  /** It takes over. */
  void takesOver() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute("delete from %s where user_id = '%s'".formatted(table, user));
        statement.execute(
            "insert into %1$s overriding system value select * from lagging_%1$s".formatted(table));
      }
      statement.execute(
          "update published_offset o set next_offset = l.next_offset from lagging_offset l"
              + " where l.topic = o.topic and l.partition = o.partition");
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
