package dev.countersign.approval.prompts;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.ToolCall;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The SQL of {@code permission_grant}. */
@ApplicationScoped
public class GrantStore {
  /**
   * A grant whose fence is behind.
   *
   * @param call null once the input was erased
   */
  public record StaleGrant(
      SessionKey session, String id, String turnId, String digest, ToolCall call) {
    static StaleGrant read(Row row) {
      byte[] call = RequestRows.bytes(row, "call");
      return new StaleGrant(
          new SessionKey(row.getString("tenant"), row.getString("session_id")),
          row.getString("id"),
          row.getString("turn_id"),
          row.getString("digest"),
          call == null ? null : Json.read(call, ToolCall.class));
    }
  }

  /** A person lets the call of a prompt run again in its turn, or in its session. */
  public void give(
      SqlClient client, StoredPrompt prompt, boolean turnOnly, String person, Fence fence) {
    var request = prompt.request();
    Database.query(
        client,
        "INSERT INTO permission_grant (tenant, id, session_id, request_id, turn_id, tool, digest,"
            + " given_by, fence_managed, fence_document, fence_session)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        Tuple.from(
            java.util.Arrays.asList(
                request.key().tenant(),
                request.promptId(),
                request.key().sessionId(),
                request.key().requestId(),
                turnOnly ? request.turnId() : null,
                request.tool(),
                request.digest(),
                person,
                fence.managed(),
                fence.document(),
                fence.session())));
  }

  /** Living grants that were judged under another policy than the one in force, locked. */
  public List<StaleGrant> judgedBefore(SqlClient client, int limit) {
    String sql =
        "SELECT g.*, i.call FROM permission_grant g"
            + " JOIN session s ON s.tenant = g.tenant AND s.id = g.session_id"
            + " LEFT JOIN override_projection o ON o.tenant = s.tenant AND o.user_id = s.owner"
            + " LEFT JOIN request_input i ON i.tenant = g.tenant"
            + " AND i.session_id = g.session_id AND i.request_id = g.request_id"
            + " WHERE g.dead_at IS NULL AND (s.closed_at IS NOT NULL"
            + " OR g.fence_session <> s.version"
            + " OR g.fence_document <> coalesce(o.version, 0)"
            + " OR g.fence_managed <> (SELECT coalesce(max(revision), 0) FROM managed_rules))"
            + " ORDER BY g.tenant, g.id LIMIT $1 FOR UPDATE OF g SKIP LOCKED";
    return Database.query(client, sql, Tuple.of(limit)).stream().map(StaleGrant::read).toList();
  }

  /** A grant dies for good. */
  public void kill(SqlClient client, StaleGrant grant) {
    Database.query(
        client,
        "UPDATE permission_grant SET dead_at = clock_timestamp() WHERE tenant = $1 AND id = $2",
        Tuple.of(grant.session().tenant(), grant.id()));
  }

  /** A grant lives on under another policy. */
  public void judgedAgain(SqlClient client, StaleGrant grant, Fence fence) {
    Database.query(
        client,
        "UPDATE permission_grant SET fence_managed = $3, fence_document = $4, fence_session = $5"
            + " WHERE tenant = $1 AND id = $2",
        Tuple.of(
            grant.session().tenant(),
            grant.id(),
            fence.managed(),
            fence.document(),
            fence.session()));
  }
}
