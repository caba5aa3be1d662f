package dev.countersign.approval.sessions;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.policies.SessionKey;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Limits how many sessions are open below one root and below one parent: every change of a session
 * touches all open ones below it. Starts that run at the same moment may pass the limit by as many
 * as they are.
 *
 * <p>Runs of agents end and leave their sessions open, so that they can be taken up again. So that
 * these do not use the limit up for good, a start at the limit first closes the oldest one that is
 * idle: an agent's session without a mode of its own, nothing open below it, no request that waits,
 * and none for a day.
 */
@ApplicationScoped
class OpenSessions {
  private static final String BELOW_ROOT = " AND path[1] = $2";
  private static final String BELOW_PARENT = " AND parent = $2";

  private final SessionStore store;
  private final ApprovalConfig.Sessions limits;

  OpenSessions(SessionStore store, ApprovalConfig config) {
    this.store = store;
    this.limits = config.sessions();
  }

  /**
   * Makes room for a session that is about to be stored. A root session always has room.
   *
   * @throws RefusedException {@code too_many_sessions} if there is none
   */
  void admit(SqlClient client, StoredSession session) {
    if (session.parent() == null) {
      return;
    }
    Optional<SessionKey> belowParent =
        inTheWay(client, session, BELOW_PARENT, session.parent(), limits.maxBelowParent());
    if (belowParent.isPresent()) {
      // What is below the parent is below the root: this makes room in both.
      store.close(client, belowParent.get());
    } else {
      String root = session.path().get(0);
      inTheWay(client, session, BELOW_ROOT, root, limits.maxBelowRoot())
          .ifPresent(idle -> store.close(client, idle));
    }
  }

  /** The idle session that must be closed first; none if there is room. */
  private Optional<SessionKey> inTheWay(
      SqlClient client, StoredSession session, String below, String id, int most) {
    String tenant = session.key().tenant();
    if (count(client, tenant, below, id, most) < most) {
      return Optional.empty();
    }
    Optional<SessionKey> idle = oldestIdle(client, session, below, id);
    if (idle.isPresent()) {
      return idle;
    }
    throw new RefusedException(
        "too_many_sessions",
        "parentSessionId",
        "leads to session %s, which has %d open sessions below it, the most there may be; close some"
            .formatted(id, most));
  }

  private static long count(SqlClient client, String tenant, String below, String id, int most) {
    String sql =
        "SELECT count(*) FROM (SELECT 1 FROM session WHERE tenant = $1 AND closed_at IS NULL"
            + below
            + " LIMIT $3) counted";
    Tuple params = Tuple.of(tenant, id, most);
    return Database.query(client, sql, params).get(0).getLong(0);
  }

  /** The oldest idle session, locked; one that another transaction has locked is not idle. */
  private Optional<SessionKey> oldestIdle(
      SqlClient client, StoredSession session, String below, String id) {
    String sql =
        "SELECT id FROM session s WHERE tenant = $1 AND closed_at IS NULL"
            + below
            + " AND mode_source = 'parent' AND id <> $4"
            + " AND created_at < clock_timestamp() - $3::bigint * interval '1 millisecond'"
            + " AND NOT EXISTS (SELECT 1 FROM session c WHERE c.tenant = s.tenant"
            + " AND c.parent = s.id AND c.closed_at IS NULL)"
            + " AND NOT EXISTS (SELECT 1 FROM request r WHERE r.tenant = s.tenant"
            + " AND r.session_id = s.id AND r.state <> 'decided')"
            + " AND coalesce((SELECT r.requested_at FROM request r WHERE r.tenant = s.tenant"
            + " AND r.session_id = s.id ORDER BY r.seq DESC LIMIT 1), s.created_at)"
            + " < clock_timestamp() - $3::bigint * interval '1 millisecond'"
            + " ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED";
    String tenant = session.key().tenant();
    Tuple params = Tuple.of(tenant, id, limits.idleAfter().toMillis(), session.parent());
    return Database.query(client, sql, params).stream()
        .map(row -> new SessionKey(tenant, row.getString("id")))
        .findFirst();
  }
}
