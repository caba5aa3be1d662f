package dev.countersign.approval.sessions;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.policies.SessionKey;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** The SQL of {@code session}. */
@ApplicationScoped
public class SessionStore {
  private final Database database;

  public SessionStore(Database database) {
    this.database = database;
  }

  /** A session. */
  public Optional<StoredSession> find(SessionKey key) {
    return database
        .query("SELECT * FROM session WHERE tenant = $1 AND id = $2", key.tenant(), key.id())
        .stream()
        .map(StoredSession::read)
        .findFirst();
  }

  /** A session, locked until the transaction ends. */
  public Optional<StoredSession> lock(SqlClient client, SessionKey key) {
    return one(client, key, " FOR UPDATE");
  }

  /** A session that must not change until the transaction ends. */
  public Optional<StoredSession> hold(SqlClient client, SessionKey key) {
    return one(client, key, " FOR SHARE");
  }

  private static Optional<StoredSession> one(SqlClient client, SessionKey key, String lock) {
    String sql = "SELECT * FROM session WHERE tenant = $1 AND id = $2" + lock;
    return Database.query(client, sql, Tuple.of(key.tenant(), key.id())).stream()
        .map(StoredSession::read)
        .findFirst();
  }

  /** The sessions above one, root first. */
  public List<StoredSession> ancestors(SqlClient client, SessionKey key, List<String> path) {
    String sql =
        "SELECT * FROM session WHERE tenant = $1 AND id = ANY ($2)"
            + " ORDER BY array_position($2, id)";
    Tuple params = Tuple.tuple().addString(key.tenant());
    params.addArrayOfString(path.toArray(String[]::new));
    return Database.query(client, sql, params).stream().map(StoredSession::read).toList();
  }

  /**
   * Stores a new session.
   *
   * @return false if another transaction stored one under its id first; nothing is changed then
   */
  public boolean insert(SqlClient client, StoredSession s) {
    Tuple params = Tuple.tuple();
    params.addString(s.key().tenant()).addString(s.key().id()).addString(s.owner());
    params.addString(s.parent()).addArrayOfString(s.path().toArray(String[]::new));
    params.addString(json(s)).addString(s.modeSource());
    params.addArrayOfString(s.warnings().toArray(String[]::new));
    params.addBoolean(s.closed()).addLong(s.version());
    String sql =
        "INSERT INTO session (tenant, id, owner, parent, path, settings, mode_source,"
            + " warnings, version, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10,"
            + " CASE WHEN $9::boolean THEN clock_timestamp() END)"
            + " ON CONFLICT DO NOTHING RETURNING id";
    return !Database.query(client, sql, params).isEmpty();
  }

  /** Changes a session's settings; the versions of it and of all open ones below it grow. */
  public void update(SqlClient client, StoredSession s) {
    Tuple params = Tuple.tuple();
    params.addString(s.key().tenant()).addString(s.key().id()).addString(json(s));
    params.addString(s.modeSource()).addArrayOfString(s.warnings().toArray(String[]::new));
    Database.query(
        client,
        "UPDATE session SET settings = $3, mode_source = $4, warnings = $5"
            + " WHERE tenant = $1 AND id = $2",
        params);
    bump(client, s.key(), "");
  }

  /**
   * A custom profile changed, and its row is locked: the versions of all open sessions that use it,
   * and of all below them, grow.
   */
  public void profileChanged(SqlClient client, String tenant, String word) {
    String using =
        "(profile = $2 OR path && ARRAY(SELECT id FROM session"
            + " WHERE tenant = $1 AND profile = $2 AND closed_at IS NULL))";
    bump(client, tenant, word, using, "");
  }

  /** Closes a session and all open ones below it, for good. */
  public void close(SqlClient client, SessionKey key) {
    bump(client, key, ", closed_at = clock_timestamp()");
  }

  /** Locks open sessions and all open ones below them, in the order in which changes lock them. */
  void lockTrees(SqlClient client, String tenant, List<String> ids) {
    Database.query(
        client,
        "SELECT id FROM session WHERE tenant = $1 AND closed_at IS NULL"
            + " AND (id = ANY ($2) OR path && $2) ORDER BY id FOR UPDATE",
        Tuple.tuple().addString(tenant).addArrayOfString(ids.toArray(String[]::new)));
  }

  private static void bump(SqlClient client, SessionKey key, String more) {
    bump(client, key.tenant(), key.id(), "(id = $2 OR path @> ARRAY[$2::text])", more);
  }

  private static void bump(
      SqlClient client, String tenant, String value, String which, String more) {
    // Locked in one order, so that two changes of the same tree never wait for each other. A child
    // that was started while a session above it was waited for shows only when we look again. Those
    // that are closed are left alone: nothing is decided in them any more.
    String sql =
        "SELECT id FROM session WHERE tenant = $1 AND closed_at IS NULL AND "
            + which
            + " ORDER BY id FOR UPDATE";
    Tuple look = Tuple.of(tenant, value);
    int before = 0;
    List<Row> tree = Database.query(client, sql, look);
    while (tree.size() > before) {
      before = tree.size();
      tree = Database.query(client, sql, look);
    }
    Tuple params = Tuple.tuple().addString(tenant);
    params.addArrayOfString(tree.stream().map(row -> row.getString("id")).toArray(String[]::new));
    Database.query(
        client,
        "UPDATE session SET version = version + 1" + more + " WHERE tenant = $1 AND id = ANY ($2)",
        params);
  }

  /** Notes that a closed session never ran, and was closed in the name of its owner alone. */
  public void closedUnstarted(SqlClient client, SessionKey key) {
    String sql = "UPDATE session SET closed_unstarted = true WHERE tenant = $1 AND id = $2";
    Database.query(client, sql, Tuple.of(key.tenant(), key.id()));
  }

  /** Whether a session never ran, and was closed in the name of its owner alone. */
  public boolean isUnstarted(SqlClient client, SessionKey key) {
    String sql = "SELECT 1 FROM session WHERE tenant = $1 AND id = $2 AND closed_unstarted";
    return !Database.query(client, sql, Tuple.of(key.tenant(), key.id())).isEmpty();
  }

  /** Removes a session that never ran, so that another can have its id. */
  public void dropUnstarted(SqlClient client, SessionKey key) {
    String sql = "DELETE FROM session WHERE tenant = $1 AND id = $2 AND closed_unstarted";
    Database.query(client, sql, Tuple.of(key.tenant(), key.id()));
  }

  private static String json(StoredSession session) {
    return StoredJson.text(session.settings());
  }
}
