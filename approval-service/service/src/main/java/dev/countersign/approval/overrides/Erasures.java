package dev.countersign.approval.overrides;

import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.kafka.Failures;
import dev.countersign.approval.prompts.StoredOptions;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.token.TokenSigner;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Takes out of the database what quotes a document that was erased: the inputs of its user's calls
 * and their digests, reasons, rules, traces, options, feedback and edits. Who decided what, when
 * and with which code stays, and so does a rule that stands in the administrators' file.
 *
 * <p>An erase is noted in the transaction that takes it over, so no crash loses it. Decided
 * requests then lose their texts page by page; one that is undecided, or whose decision is not told
 * yet, once it is told.
 */
@ApplicationScoped
public class Erasures {
  /** As it is called where its progress is shown. */
  public static final String NAME = "erasing";

  /** Instead of the reason of a decision. */
  static final String REASON = "The details of this decision were erased.";

  private static final Logger LOG = Logger.getLogger(Erasures.class);
  private static final int PAGE = 500;

  /**
   * In one statement, so by one snapshot: what it sees undecided waits, what it sees decided was
   * decided by an earlier transaction than {@code before_xid}. Nothing decided later is by the
   * erased document, since its row is locked. An erase that an earlier topic told of is the same if
   * it has the same version and the same id.
   */
  private static final String NOTE =
      """
      WITH noted AS (
        INSERT INTO erasure AS e (tenant, user_id, version, erasure_id, before_xid)
        VALUES ($1, $2, $3, $4, pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
        ON CONFLICT (tenant, user_id) DO UPDATE
        SET version = excluded.version, erasure_id = excluded.erasure_id, after_xid = -1,
          after_seq = 0, before_xid = excluded.before_xid, done = false
        WHERE excluded.version > e.version AND (excluded.version <> abs(e.version)
          OR excluded.erasure_id IS NOT NULL
            AND excluded.erasure_id IS DISTINCT FROM e.erasure_id)
        RETURNING tenant, user_id),
      named AS (
        UPDATE erasure SET erasure_id = $4
        WHERE tenant = $1 AND user_id = $2 AND version = $3 AND erasure_id IS NULL
          AND $4::text IS NOT NULL),
      grants AS (
        DELETE FROM permission_grant
        WHERE tenant = $1 AND user_id = $2 AND id NOT LIKE 'given:%'
          AND EXISTS (SELECT 1 FROM noted)),
      keys AS (
        UPDATE permission_grant
        SET session_id = NULL, turn_id = NULL, request_id = NULL, tool = '', resource = NULL,
          digest = NULL, uses = NULL, uses_left = NULL, ends_at = NULL, ended = 'erased',
          ended_by = NULL, dead_at = coalesce(dead_at, clock_timestamp())
        WHERE tenant = $1 AND user_id = $2 AND id LIKE 'given:%'
          AND EXISTS (SELECT 1 FROM noted))
      INSERT INTO erasure_waiting (tenant, session_id, request_id)
      SELECT r.tenant, r.session_id, r.request_id FROM noted n
      JOIN request r ON r.tenant = n.tenant AND r.owner = n.user_id AND r.state <> 'decided'
      UNION ALL
      SELECT r.tenant, r.session_id, r.request_id FROM noted n
      JOIN request r ON r.tenant = n.tenant AND r.owner = n.user_id AND r.state = 'decided'
        AND r.published_rev < r.rev
      ON CONFLICT DO NOTHING
      """;

  private static final String DECIDED =
      """
      SELECT tenant, session_id, request_id, digest, edited_input IS NOT NULL AS edited,
        decided_xid, seq
      FROM request
      WHERE tenant = $1 AND owner = $2 AND state = 'decided'
        AND (decided_xid, seq) > ($3, $4) AND decided_xid < $5
      ORDER BY decided_xid, seq LIMIT $6 FOR UPDATE
      """;

  private static final String TOLD =
      """
      WITH t AS MATERIALIZED (
        SELECT w.tenant, w.session_id, w.request_id, r.digest,
          r.edited_input IS NOT NULL AS edited
        FROM erasure_waiting w
        LEFT JOIN request r USING (tenant, session_id, request_id)
        WHERE r.state IS NULL OR r.state = 'decided' AND r.published_rev >= r.rev
        LIMIT $1),
      gone AS (
        DELETE FROM erasure_waiting w USING t
        WHERE w.tenant = t.tenant AND w.session_id = t.session_id AND w.request_id = t.request_id)
      SELECT * FROM t
      """;

  /** What is not told yet waits for itself, and is left alone here. */
  private static final String FORGET =
      """
      WITH q AS MATERIALIZED (SELECT * FROM %s),
      r AS (
        UPDATE request r SET reason = %s, trace = '', feedback = NULL, edited_input = NULL,
          agent_asks = NULL, digest = q.digest,
          rule = (SELECT r.rule FROM managed_rules m WHERE m.revision = r.fence_managed
            AND strpos(m.body, ' ' || r.rule) > 0)
        FROM q WHERE r.tenant = q.tenant AND r.session_id = q.session_id
          AND r.request_id = q.request_id AND r.state = 'decided' AND r.published_rev >= r.rev
        RETURNING r.tenant, r.session_id, r.request_id, r.prompt_id),
      p AS (
        UPDATE prompt p SET reason = %s, options = %s, feedback = NULL,
          option_id = split_part(option_id, ':', 1)
        FROM r WHERE p.tenant = r.tenant AND p.id = r.prompt_id),
      i AS (
        DELETE FROM request_input i USING r WHERE i.tenant = r.tenant
          AND i.session_id = r.session_id AND i.request_id = r.request_id)
      DELETE FROM document_edit e USING r WHERE e.tenant = r.tenant
        AND e.session_id = r.session_id AND e.request_id = r.request_id
      """;

  private final Database database;
  private final TokenSigner key;
  private final Progress progress;

  public Erasures(Database database, TokenSigner key, Progress progress) {
    this.database = database;
    this.key = key;
    this.progress = progress;
  }

  /**
   * Notes an erase, and takes back what the user allowed for a while; in the transaction that holds
   * the user's document. Of a grant that was given under a key, what says that the key was used is
   * left, so that the same order gives nothing again. An erase that was noted before changes
   * nothing.
   */
  static void note(SqlClient client, String tenant, String user, Erasure erasure) {
    Database.query(client, NOTE, Tuple.of(tenant, user, erasure.version(), erasure.id()));
  }

  /** Goes on with every erase that is not done. One that fails holds up no other. */
  public void sweep() {
    RuntimeException failure = null;
    for (Row row : database.query("SELECT tenant, user_id FROM erasure WHERE NOT done")) {
      try {
        erase(row.getString("tenant"), row.getString("user_id"));
      } catch (RuntimeException e) {
        if (Failures.passing(e)) {
          throw e;
        }
        LOG.errorf(e, "What quotes an erased document could not be erased now");
        failure = e;
      }
    }
    while (database.transaction(this::toldPage)) {
      progress.advances(NAME);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void erase(String tenant, String user) {
    while (database.transaction(connection -> decidedPage(connection, tenant, user))) {
      progress.advances(NAME);
    }
  }

  /** Returns whether there may be more. Of two replicas one does it. */
  private boolean decidedPage(SqlClient client, String tenant, String user) {
    List<Row> noted =
        Database.query(
            client,
            "SELECT after_xid, after_seq, before_xid FROM erasure"
                + " WHERE tenant = $1 AND user_id = $2 AND NOT done FOR UPDATE SKIP LOCKED",
            Tuple.of(tenant, user));
    if (noted.isEmpty()) {
      return false;
    }
    Row at = noted.get(0);
    Tuple params = Tuple.of(tenant, user, at.getLong("after_xid"), at.getLong("after_seq"));
    List<Row> page =
        Database.query(client, DECIDED, params.addLong(at.getLong("before_xid")).addInteger(PAGE));
    forget(client, page);
    if (page.size() < PAGE) {
      Database.query(
          client,
          "UPDATE erasure SET done = true WHERE tenant = $1 AND user_id = $2",
          Tuple.of(tenant, user));
      return false;
    }
    Row last = page.get(PAGE - 1);
    Database.query(
        client,
        "UPDATE erasure SET after_xid = $3, after_seq = $4 WHERE tenant = $1 AND user_id = $2",
        Tuple.of(tenant, user, last.getLong("decided_xid"), last.getLong("seq")));
    return true;
  }

  private boolean toldPage(SqlClient client) {
    List<Row> page = Database.query(client, TOLD, Tuple.of(PAGE));
    forget(client, page);
    return page.size() == PAGE;
  }

  private void forget(SqlClient client, List<Row> page) {
    if (page.isEmpty()) {
      return;
    }
    Columns<Row> columns =
        new Columns<>(page)
            .text("tenant", row -> row.getString("tenant"))
            .text("session_id", row -> row.getString("session_id"))
            .text("request_id", row -> row.getString("request_id"))
            .text("digest", this::erasedDigest);
    String unnest = columns.unnest("t");
    String reason = columns.scalar(REASON) + "::text";
    String options = columns.scalar(Buffer.buffer(StoredOptions.write(List.of()))) + "::bytea";
    Database.query(client, FORGET.formatted(unnest, reason, reason, options), columns.params());
  }

  /** One that was erased before stays as it is. */
  private String erasedDigest(Row row) {
    String digest = row.getString("digest");
    return digest == null || StoredRequest.isErased(digest)
        ? digest
        : StoredRequest.erasedDigest(key, RequestRows.key(row), digest, row.getBoolean("edited"));
  }
}
