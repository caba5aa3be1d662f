package dev.countersign.approval.requests;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.prompts.StoredOptions;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.Json;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;

/** The SQL of {@code request}. */
@ApplicationScoped
public class RequestStore {
  private final Database database;
  private final DecisionMeters meters;
  private final long promptTimeoutMillis;

  public RequestStore(Database database, DecisionMeters meters, ApprovalConfig config) {
    this.database = database;
    this.meters = meters;
    this.promptTimeoutMillis = config.promptTimeout().toMillis();
  }

  /**
   * Stores requests, their inputs and their prompts in one statement. A request whose id is taken
   * is left out and the stored row stays as it is.
   *
   * <p>The same statement locks and compares what each was judged by, and leaves out those whose
   * session, document, managed rules or grants have moved on: they must be judged again. Whatever
   * was changed before a decision is committed, that decision knows. The clock is read when all
   * locks are held.
   *
   * @param requests sorted by key, no key twice
   * @return those that were stored
   */
  public List<StoredRequest> insert(List<NewRequest> requests) {
    List<StoredRequest> stored = insert(requests, database::query);
    meters.stored(stored);
    return stored;
  }

  /** The same for one request, within a transaction. */
  public List<StoredRequest> insert(SqlClient client, NewRequest request) {
    List<StoredRequest> stored =
        insert(List.of(request), (sql, params) -> Database.query(client, sql, params));
    database.afterCommit(client, () -> meters.stored(stored));
    return stored;
  }

  private List<StoredRequest> insert(
      List<NewRequest> requests, BiFunction<String, Tuple, List<Row>> query) {
    if (requests.isEmpty()) {
      return List.of();
    }
    Columns<NewRequest> columns = columns(requests);
    String incoming = columns.unnest("t");
    String timeout = columns.scalar(promptTimeoutMillis);
    String sql =
        """
        WITH incoming AS MATERIALIZED (SELECT * FROM %s),
        s AS MATERIALIZED (
          SELECT s.tenant, s.id, s.version FROM session s
          JOIN (SELECT DISTINCT tenant, session_id FROM incoming WHERE fenced) k
            ON s.tenant = k.tenant AND s.id = k.session_id
          ORDER BY s.tenant, s.id FOR SHARE OF s),
        d AS MATERIALIZED (
          SELECT o.tenant, o.user_id, o.version FROM override_projection o
          JOIN (SELECT DISTINCT tenant, owner FROM incoming WHERE fenced) k
            ON o.tenant = k.tenant AND o.user_id = k.owner
          WHERE (SELECT count(*) FROM s) >= 0
          ORDER BY o.tenant, o.user_id FOR SHARE OF o),
        m AS MATERIALIZED (
          SELECT revision FROM managed_fence WHERE (SELECT count(*) FROM d) >= 0 FOR SHARE),
        g AS MATERIALIZED (
          SELECT g.tenant, g.id, g.ends_at FROM permission_grant g
          JOIN (SELECT DISTINCT tenant, unnest(string_to_array(grants, E'\n')) AS id
                FROM incoming WHERE grants <> '') k
            ON g.tenant = k.tenant AND g.id = k.id
          WHERE g.dead_at IS NULL AND (g.uses_left IS NULL OR g.uses_left > 0)
            AND (SELECT count(*) FROM m) >= 0
          ORDER BY g.tenant, g.id FOR SHARE OF g),
        clock AS MATERIALIZED (
          SELECT clock_timestamp() AS now WHERE (SELECT count(*) FROM g) >= 0),
        standing AS MATERIALIZED (
          SELECT i.*, clock.now FROM incoming i CROSS JOIN clock
          WHERE NOT i.fenced OR (
            (i.tenant, i.session_id, i.fence_session) IN (SELECT tenant, id, version FROM s)
            AND (i.tenant, i.owner, i.fence_document) IN (SELECT tenant, user_id, version FROM d)
            AND i.fence_managed IN (SELECT revision FROM m)
            AND clock.now < coalesce(i.until, 'infinity')
            AND NOT EXISTS (
              SELECT FROM unnest(string_to_array(i.grants, E'\n')) w(id)
              WHERE NOT EXISTS (
                SELECT FROM g WHERE g.tenant = i.tenant AND g.id = w.id
                  AND clock.now < coalesce(g.ends_at, 'infinity'))))),
        r AS (
          INSERT INTO request (tenant, session_id, request_id, owner, tool, digest, turn_id,
            claimed_mode, agent_asks, state, requested_at, reply_topic, reply_to,
            source_partition, source_offset, fence_managed, fence_document, fence_session, mode,
            trace, prompt_id, deadline, effect, decided_by, code, reason, rule, decided_user,
            execution, unproven, decided_at, decided_xid, rev, published_rev)
          SELECT tenant, session_id, request_id, owner, tool, digest, turn_id,
            claimed_mode, agent_asks, CASE WHEN effect IS NOT NULL THEN 'decided'
              WHEN edit_command IS NOT NULL THEN 'settling' ELSE 'open' END,
            requested_at, reply_topic, reply_to, source_partition, source_offset, fence_managed,
            fence_document, fence_session, mode, trace, prompt_id,
            CASE WHEN effect IS NULL THEN
              least(now + %s::bigint * interval '1 millisecond', expires_at) END,
            effect, decided_by, code, reason, rule, decided_user,
            coalesce(execution, 'foreground'), unproven,
            CASE WHEN effect IS NOT NULL THEN now END,
            CASE WHEN effect IS NOT NULL THEN pg_current_xact_id()::text::bigint END,
            1, CASE WHEN published THEN 1 ELSE 0 END
          FROM standing ORDER BY tenant, session_id, request_id
          ON CONFLICT DO NOTHING
          RETURNING *),
        p AS (
          INSERT INTO prompt (tenant, id, reason, options)
          SELECT i.tenant, i.prompt_id, i.question, i.options
          FROM incoming i JOIN r USING (tenant, session_id, request_id)
          WHERE r.state = 'open'),
        c AS (
          INSERT INTO request_input (tenant, session_id, request_id, call)
          SELECT i.tenant, i.session_id, i.request_id, i.call
          FROM incoming i JOIN r USING (tenant, session_id, request_id)
          WHERE i.call IS NOT NULL
          ON CONFLICT DO NOTHING),
        e AS (
          INSERT INTO document_edit (tenant, session_id, request_id, shown, document, command_id,
            settling_since)
          SELECT i.tenant, i.session_id, i.request_id, i.edit_shown, i.edit_document,
            i.edit_command, CASE WHEN i.edit_command IS NOT NULL THEN clock_timestamp() END
          FROM incoming i JOIN r USING (tenant, session_id, request_id)
          WHERE i.edit_document IS NOT NULL)
        SELECT * FROM r
        """
            .formatted(incoming, timeout);
    return query.apply(sql, columns.params()).stream().map(RequestRows::read).toList();
  }

  private static Columns<NewRequest> columns(List<NewRequest> requests) {
    return new Columns<>(requests)
        .text("tenant", r -> r.key().tenant())
        .text("session_id", r -> r.key().sessionId())
        .text("request_id", r -> r.key().requestId())
        .text("owner", NewRequest::owner)
        .text("tool", NewRequest::tool)
        .text("digest", NewRequest::digest)
        .bytes("call", NewRequest::call)
        .text("turn_id", NewRequest::turnId)
        .text("claimed_mode", NewRequest::claimedMode)
        .text("agent_asks", NewRequest::agentAsks)
        .time("requested_at", NewRequest::requestedAt)
        .text("reply_topic", r -> r.address().topic())
        .text("reply_to", r -> r.address().replyTo())
        .number("source_partition", NewRequest::sourcePartition)
        .number("source_offset", NewRequest::sourceOffset)
        .number("fence_managed", r -> r.fence().managed())
        .number("fence_document", r -> r.fence().document())
        .number("fence_session", r -> r.fence().session())
        .text("mode", NewRequest::mode)
        .flag("published", NewRequest::published)
        .text("prompt_id", r -> r.question() == null ? null : r.question().promptId())
        .text("question", r -> r.question() == null ? null : r.question().reason())
        .bytes(
            "options",
            r -> r.question() == null ? null : StoredOptions.write(r.question().options()))
        .time("expires_at", r -> r.question() == null ? null : r.question().expiresAt())
        .text("trace", r -> r.outcome() == null ? "" : RequestRows.text(r.outcome().trace()))
        .text("effect", r -> r.outcome() == null ? null : RequestRows.word(r.outcome().effect()))
        .text(
            "decided_by",
            r -> r.outcome() == null ? null : RequestRows.word(r.outcome().decidedBy()))
        .text("code", r -> r.outcome() == null ? null : r.outcome().code())
        .text("reason", r -> r.outcome() == null ? null : r.outcome().reason())
        .text("rule", r -> r.outcome() == null ? null : r.outcome().rule())
        .text("decided_user", r -> r.outcome() == null ? null : r.outcome().user())
        .text("execution", r -> RequestRows.word(r.execution()))
        .flag("unproven", r -> r.outcome() != null && r.outcome().unproven())
        .bytes("edit_shown", r -> r.edit() == null ? null : StoredJson.write(r.edit().shown()))
        .bytes("edit_document", r -> r.edit() == null ? null : Json.write(r.edit().document()))
        .text("edit_command", r -> r.edit() == null ? null : r.edit().commandId())
        .flag("fenced", r -> r.premises() != null)
        .time("until", r -> r.premises() == null ? null : r.premises().until())
        .text("grants", r -> r.premises() == null ? "" : String.join("\n", r.premises().grants()));
  }

  /** The stored requests among these keys. */
  public List<StoredRequest> find(Collection<RequestKey> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    Columns<RequestKey> columns = keys(List.copyOf(keys));
    String sql =
        "SELECT r.* FROM "
            + columns.unnest("k")
            + " JOIN request r USING (tenant, session_id, request_id)";
    return database.query(sql, columns.params()).stream().map(RequestRows::read).toList();
  }

  /**
   * An undecided request was asked again from elsewhere: its decision will go there.
   *
   * @return false if it is decided by now
   */
  public boolean readdress(RequestKey key, ReplyAddress address) {
    Tuple params = Tuple.of(key.tenant(), key.sessionId(), key.requestId());
    params.addString(address.topic()).addString(address.replyTo());
    String sql =
        "UPDATE request SET reply_topic = $4, reply_to = $5 WHERE tenant = $1 AND session_id = $2"
            + " AND request_id = $3 AND state <> 'decided' RETURNING seq";
    return !database.query(sql, params).isEmpty();
  }

  /**
   * A request's end.
   *
   * @param fence under which it was decided; null leaves the stored one
   * @param until it ends so only before this; null for no end
   */
  public record Finish(RequestKey key, Outcome outcome, Fence fence, Instant until) {
    /** An end that holds whenever it is stored. */
    public Finish(RequestKey key, Outcome outcome, Fence fence) {
      this(key, outcome, fence, null);
    }
  }

  /** Ends requests that are open or settling; the first writer wins. Returns those it ended. */
  public List<StoredRequest> finish(SqlClient client, List<Finish> finishes) {
    return counted(client, finish(client, finishes, "r.state <> 'decided'"));
  }

  /** The same, but leaves alone what a person has already answered. */
  public List<StoredRequest> finishOpen(SqlClient client, List<Finish> finishes) {
    return counted(client, finish(client, finishes, "r.state = 'open'"));
  }

  private List<StoredRequest> counted(SqlClient client, List<StoredRequest> ended) {
    database.afterCommit(client, () -> meters.stored(ended));
    return ended;
  }

  private static List<StoredRequest> finish(
      SqlClient client, List<Finish> finishes, String stillUndecided) {
    if (finishes.isEmpty()) {
      return List.of();
    }
    List<Finish> sorted = finishes.stream().sorted((a, b) -> a.key().compareTo(b.key())).toList();
    Columns<Finish> columns =
        new Columns<>(sorted)
            .text("tenant", f -> f.key().tenant())
            .text("session_id", f -> f.key().sessionId())
            .text("request_id", f -> f.key().requestId())
            .text("effect", f -> RequestRows.word(f.outcome().effect()))
            .text("decided_by", f -> RequestRows.word(f.outcome().decidedBy()))
            .text("code", f -> f.outcome().code())
            .text("reason", f -> f.outcome().reason())
            .text("rule", f -> f.outcome().rule())
            .text("decided_user", f -> f.outcome().user())
            .text("feedback", f -> f.outcome().feedback())
            .bytes(
                "edited_input",
                f ->
                    f.outcome().editedInput() == null
                        ? null
                        : Json.write(f.outcome().editedInput()))
            .text("execution", f -> RequestRows.word(f.outcome().execution()))
            .flag("unproven", f -> f.outcome().unproven())
            .text("trace", f -> RequestRows.text(f.outcome().trace()))
            .number("managed", f -> f.fence() == null ? null : f.fence().managed())
            .number("document", f -> f.fence() == null ? null : f.fence().document())
            .number("session", f -> f.fence() == null ? null : f.fence().session())
            .time("until", Finish::until);
    String sql =
        """
        UPDATE request r SET state = 'decided', effect = f.effect, decided_by = f.decided_by,
          code = f.code, reason = f.reason, rule = f.rule, decided_user = f.decided_user,
          feedback = f.feedback, edited_input = f.edited_input,
          execution = coalesce(f.execution, r.execution),
          unproven = f.unproven, trace = f.trace,
          fence_managed = coalesce(f.managed, r.fence_managed),
          fence_document = coalesce(f.document, r.fence_document),
          fence_session = coalesce(f.session, r.fence_session),
          decided_at = clock_timestamp(), decided_xid = pg_current_xact_id()::text::bigint,
          rev = r.rev + 1
        FROM %s
        WHERE r.tenant = f.tenant AND r.session_id = f.session_id
          AND r.request_id = f.request_id AND %s
          AND clock_timestamp() < coalesce(f.until, 'infinity')
        RETURNING r.*
        """
            .formatted(columns.unnest("f"), stillUndecided);
    return Database.query(client, sql, columns.params()).stream().map(RequestRows::read).toList();
  }

  static Columns<RequestKey> keys(List<RequestKey> keys) {
    return new Columns<>(keys)
        .text("tenant", RequestKey::tenant)
        .text("session_id", RequestKey::sessionId)
        .text("request_id", RequestKey::requestId);
  }
}
