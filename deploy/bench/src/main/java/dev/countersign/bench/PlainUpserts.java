package dev.countersign.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The reference: the same rows with the same indexes, written as {@code pgbench} would. One
 * transaction on one connection per client: an upsert of the document, and its line of history.
 */
final class PlainUpserts implements WriteLoad {
  private static final String UPSERT =
      "INSERT INTO user_permissions"
          + " (tenant, user_id, version, document, published_version, updated_at)"
          + " VALUES ('default', ?, 1, ?, 1, now()) ON CONFLICT (tenant, user_id) DO UPDATE"
          + " SET version = user_permissions.version + 1, document = excluded.document,"
          + " published_version = user_permissions.version + 1, updated_at = now()";
  private static final String HISTORY =
      "INSERT INTO permission_history (tenant, user_id, version, at, action, actor, via, tool,"
          + " resource, level, before_document, after_document)"
          + " SELECT tenant, user_id, version, updated_at, 'set', 'bench', 'dashboard', 'Bash', ?,"
          + " ?, document, document FROM user_permissions"
          + " WHERE tenant = 'default' AND user_id = ?";

  private final StoredUsers users;

  PlainUpserts(StoredUsers users) {
    this.users = users;
  }

  @Override
  public Client client() throws SQLException {
    return new Upserts(users);
  }

  private static final class Upserts implements Client {
    private final StoredUsers users;
    private final Connection connection;
    private final PreparedStatement upsert;
    private final PreparedStatement history;

    Upserts(StoredUsers users) throws SQLException {
      this.users = users;
      connection = users.connect();
      connection.setAutoCommit(false);
      upsert = connection.prepareStatement(UPSERT);
      history = connection.prepareStatement(HISTORY);
    }

    @Override
    public void write() throws SQLException {
      String user = users.any();
      String level = StoredUsers.anyLevel();
      upsert.setString(1, user);
      upsert.setString(2, StoredUsers.document(level));
      upsert.executeUpdate();
      history.setString(1, StoredUsers.RESOURCE);
      history.setString(2, level);
      history.setString(3, user);
      history.executeUpdate();
      connection.commit();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
