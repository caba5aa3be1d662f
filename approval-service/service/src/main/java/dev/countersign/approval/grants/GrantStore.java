package dev.countersign.approval.grants;

import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.ToolCall;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The SQL of {@code permission_grant}. A grant lives while {@code dead_at} is null.
 *
 * <p>Grants that answer prompts come by themselves, so they end by themselves: one for a turn after
 * a day, one for a session after 30, and in each session all but the latest 200.
 */
@ApplicationScoped
public class GrantStore {
  private static final String INSERT =
      "INSERT INTO permission_grant (tenant, id, user_id, session_id, turn_id, request_id, tool,"
          + " resource, digest, uses, uses_left, ends_at, given_by, fence_managed, fence_document,"
          + " fence_session)"
          + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, coalesce($11,"
          + " CASE WHEN $9::text IS NOT NULL THEN clock_timestamp()"
          + " + CASE WHEN $5::text IS NULL THEN interval '30 days' ELSE interval '1 day' END END),"
          + " $12, $13, $14, $15)"
          + " RETURNING *";
  private static final int MOST_OF_PROMPTS = 200;
  private static final String LIVING =
      " dead_at IS NULL AND (ends_at IS NULL OR ends_at > clock_timestamp())";

  /**
   * A person lets the call of a prompt run again in its turn, or in its session; the oldest such
   * grants of the session give way where it has too many.
   */
  public void give(
      SqlClient client, StoredPrompt prompt, boolean turnOnly, String person, Fence fence) {
    var request = prompt.request();
    Tuple params =
        params(request.key().tenant(), request.promptId(), request.owner())
            .addString(request.key().sessionId())
            .addString(turnOnly ? request.turnId() : null)
            .addString(request.key().requestId())
            .addString(request.tool())
            .addString(null)
            .addString(request.digest())
            .addInteger(null)
            .addOffsetDateTime(null)
            .addString(person);
    Database.query(client, INSERT, fenced(params, fence));
    trim(client, request.key().tenant(), request.key().sessionId());
  }

  /** One that is in use at this moment is left to the next time. */
  private static void trim(SqlClient client, String tenant, String session) {
    String living =
        " FROM permission_grant WHERE tenant = $1 AND session_id = $2 AND digest IS NOT NULL"
            + " AND dead_at IS NULL";
    Database.query(
        client,
        "UPDATE permission_grant SET dead_at = clock_timestamp(), ended = 'replaced'"
            + " WHERE tenant = $1 AND id IN (SELECT id"
            + living
            + " AND seq <= (SELECT seq"
            + living
            + " ORDER BY seq DESC OFFSET $3 LIMIT 1) FOR UPDATE SKIP LOCKED)",
        params(tenant, session).addInteger(MOST_OF_PROMPTS));
  }

  /** A person lets calls of a tool run for a while. */
  StoredGrant give(
      SqlClient client, String id, GrantOrder order, Instant end, String person, Fence fence) {
    Tuple params =
        params(order.tenant(), id, order.user())
            .addString(order.session())
            .addString(order.turn())
            .addString(null)
            .addString(order.tool())
            .addString(order.resource())
            .addString(null)
            .addInteger(order.uses())
            .addOffsetDateTime(Columns.offset(end))
            .addString(person);
    return StoredGrant.read(Database.query(client, INSERT, fenced(params, fence)).get(0));
  }

  private static Tuple fenced(Tuple params, Fence fence) {
    return params.addLong(fence.managed()).addLong(fence.document()).addLong(fence.session());
  }

  /** Only one transaction at a time gives grants for a user. The database's clock. */
  Instant lockGiving(SqlClient client, String tenant, String user) {
    String sql =
        "SELECT clock_timestamp() AS now FROM pg_advisory_xact_lock(hashtextextended($1, 0))";
    String key = "grants " + tenant + "/" + user;
    return RequestRows.instant(Database.query(client, sql, Tuple.of(key)).get(0), "now");
  }

  /** The living grants of a user that were given outside prompts. */
  long living(SqlClient client, String tenant, String user) {
    String sql =
        "SELECT count(*) AS living FROM permission_grant WHERE tenant = $1 AND user_id = $2"
            + " AND digest IS NULL AND"
            + LIVING;
    return Database.query(client, sql, Tuple.of(tenant, user)).get(0).getLong("living");
  }

  /** A grant of a user's, locked. */
  Optional<StoredGrant> lock(SqlClient client, String tenant, String user, String id) {
    String sql =
        "SELECT * FROM permission_grant WHERE tenant = $1 AND user_id = $2 AND id = $3 FOR UPDATE";
    return Database.query(client, sql, Tuple.of(tenant, user, id)).stream()
        .map(StoredGrant::read)
        .findFirst();
  }

  /** Whatever lives for the same tool, resource, session and turn gives way to a new one. */
  void replace(SqlClient client, GrantOrder order, String person) {
    Tuple params =
        params(order.tenant(), order.user(), order.tool())
            .addString(order.resource())
            .addString(order.session())
            .addString(order.turn())
            .addString(person);
    Database.query(
        client,
        "UPDATE permission_grant SET dead_at = clock_timestamp(), ended_by = $7,"
            + " ended = CASE WHEN ends_at <= clock_timestamp() THEN 'expired' ELSE 'replaced' END"
            + " WHERE tenant = $1 AND user_id = $2 AND tool = $3"
            + " AND resource IS NOT DISTINCT FROM $4 AND session_id IS NOT DISTINCT FROM $5"
            + " AND turn_id IS NOT DISTINCT FROM $6 AND digest IS NULL AND dead_at IS NULL",
        params);
  }

  /**
   * Whether all of these grants live, and no other transaction can use or end one until this one
   * ends.
   */
  public boolean hold(SqlClient client, String tenant, List<String> ids) {
    if (ids.isEmpty()) {
      return true;
    }
    // The clock is read where the locks are held already.
    String sql =
        "SELECT id FROM permission_grant WHERE tenant = $1 AND id = ANY ($2)"
            + " AND (uses_left IS NULL OR uses_left > 0) AND"
            + LIVING
            + " ORDER BY id FOR UPDATE";
    Database.query(client, sql, params(tenant).addArrayOfString(array(ids)));
    return Database.query(client, sql, params(tenant).addArrayOfString(array(ids))).size()
        == ids.size();
  }

  /** Uses counted grants once each; those that are held. The last use ends one. */
  public void use(SqlClient client, String tenant, List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    Database.query(
        client,
        "UPDATE permission_grant SET uses_left = uses_left - 1,"
            + " dead_at = CASE WHEN uses_left = 1 THEN clock_timestamp() END,"
            + " ended = CASE WHEN uses_left = 1 THEN 'used_up' END"
            + " WHERE tenant = $1 AND id = ANY ($2)",
        params(tenant).addArrayOfString(array(ids)));
  }

  /** Living grants that were judged under another policy than the one in force, locked. */
  public List<StoredGrant.Stale> judgedBefore(SqlClient client, int limit, Long[] aside) {
    String sql =
        "SELECT g.*, i.call, s.closed_at,"
            + " coalesce('plan' IN (r.mode, r.claimed_mode), false) AS in_plan"
            + " FROM permission_grant g"
            + " LEFT JOIN session s ON s.tenant = g.tenant AND s.id = g.session_id"
            + " LEFT JOIN override_projection o ON o.tenant = g.tenant AND o.user_id = g.user_id"
            + " LEFT JOIN request_input i ON i.tenant = g.tenant"
            + " AND i.session_id = g.session_id AND i.request_id = g.request_id"
            + " LEFT JOIN request r ON r.tenant = g.tenant"
            + " AND r.session_id = g.session_id AND r.request_id = g.request_id"
            + " WHERE g.dead_at IS NULL AND (s.closed_at IS NOT NULL"
            + " OR g.fence_session <> coalesce(s.version, 0)"
            + " OR g.fence_document <> coalesce(o.version, 0)"
            + " OR g.fence_managed <> (SELECT revision FROM managed_fence))"
            + " AND g.seq <> ALL ($2)"
            + " ORDER BY g.tenant, g.id LIMIT $1 FOR UPDATE OF g SKIP LOCKED";
    return Database.query(client, sql, Tuple.of(limit, aside)).stream()
        .map(GrantStore::stale)
        .toList();
  }

  private static StoredGrant.Stale stale(Row row) {
    return new StoredGrant.Stale(
        StoredGrant.read(row),
        call(RequestRows.bytes(row, "call")),
        row.getBoolean("in_plan"),
        row.getOffsetDateTime("closed_at") != null);
  }

  /** Null where it was erased or cannot be read: then nobody knows what the grant is good for. */
  private static ToolCall call(byte[] stored) {
    try {
      return stored == null ? null : StoredJson.read(stored, ToolCall.class, "the tool calls");
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * A grant dies for good.
   *
   * @param why one of the words of the column {@code ended}
   * @param person who ended it; null if nobody did
   */
  public StoredGrant kill(SqlClient client, StoredGrant grant, String why, String person) {
    String sql =
        "UPDATE permission_grant SET dead_at = clock_timestamp(), ended = $3, ended_by = $4"
            + " WHERE tenant = $1 AND id = $2 AND dead_at IS NULL RETURNING *";
    Tuple params = params(grant.tenant(), grant.id(), why).addString(person);
    return Database.query(client, sql, params).stream()
        .map(StoredGrant::read)
        .findFirst()
        .orElse(grant);
  }

  /**
   * Some grants whose time is over die for good; one that is in use at this moment is left to the
   * next time.
   *
   * @return how many
   */
  public int expire(SqlClient client, int most) {
    return Database.query(
            client,
            "UPDATE permission_grant SET dead_at = clock_timestamp(), ended = 'expired'"
                + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM permission_grant"
                + " WHERE dead_at IS NULL AND ends_at <= clock_timestamp()"
                + " ORDER BY ends_at LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING seq",
            Tuple.of(most))
        .size();
  }

  /** A grant lives on under another policy. */
  public void judgedAgain(SqlClient client, StoredGrant grant, Fence fence) {
    Database.query(
        client,
        "UPDATE permission_grant SET fence_managed = $3, fence_document = $4, fence_session = $5"
            + " WHERE tenant = $1 AND id = $2",
        fenced(params(grant.tenant(), grant.id()), fence));
  }

  private static Tuple params(String... texts) {
    Tuple params = Tuple.tuple();
    Arrays.stream(texts).forEach(params::addString);
    return params;
  }

  private static String[] array(List<String> ids) {
    return ids.toArray(String[]::new);
  }
}
