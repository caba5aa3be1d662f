package dev.countersign.approval.prompts;

import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.Slice;
import dev.countersign.approval.edits.PlannedEdit;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PromptOption;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The SQL of {@code prompt}.
 *
 * <p>What is locked is read by a second statement. Postgres reads only the locked row itself again
 * after it waited for the lock; every other table's columns would be as they were before.
 */
@ApplicationScoped
public class PromptStore {
  private static final String SELECT =
      "SELECT " + StoredPrompt.COLUMNS + " FROM request r" + StoredPrompt.JOINS;
  private static final String KEYS =
      "SELECT r.tenant, r.session_id, r.request_id, "
          + StoredPrompt.BYTES
          + " AS bytes FROM request r"
          + StoredPrompt.JOINS;

  /** Of what is read at once: the stored inputs, edits and options come to no more, but for one. */
  private static final long MOST_BYTES = 8L * Json.MAX_REQUEST_BYTES;

  private final Database database;

  public PromptStore(Database database) {
    this.database = database;
  }

  /** A prompt by its id. */
  public Optional<StoredPrompt> find(String tenant, String promptId) {
    String sql = SELECT + " WHERE r.tenant = $1 AND r.prompt_id = $2";
    return database.query(sql, tenant, promptId).stream().map(StoredPrompt::read).findFirst();
  }

  /** A prompt by its id, its request locked until the transaction ends. */
  public Optional<StoredPrompt> lock(SqlClient client, String tenant, String promptId) {
    String sql = KEYS + " WHERE r.tenant = $1 AND r.prompt_id = $2 FOR UPDATE OF r";
    return readLocked(client, Database.query(client, sql, Tuple.of(tenant, promptId))).stream()
        .findFirst();
  }

  /** The prompt that a command settles, locked, if it still waits for it. */
  public Optional<StoredPrompt> lockSettling(SqlClient client, String tenant, String commandId) {
    String by = PlannedEdit.isCommand(commandId) ? "e" : "p";
    String sql =
        KEYS
            + " WHERE %s.tenant = $1 AND %s.command_id = $2".formatted(by, by)
            + " AND r.state = 'settling' FOR UPDATE OF r";
    return readLocked(client, Database.query(client, sql, Tuple.of(tenant, commandId))).stream()
        .findFirst();
  }

  /**
   * The prompts of rows that are locked, as they stand now, in the order of storing; of large ones
   * only the first. The others are found again by whoever looks for more.
   */
  private static List<StoredPrompt> readLocked(SqlClient client, List<Row> locked) {
    return read(client, Slice.of(locked, MOST_BYTES).rows());
  }

  private static List<StoredPrompt> read(SqlClient client, List<Row> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Columns<Row> keys =
        new Columns<>(rows)
            .text("tenant", row -> row.getString("tenant"))
            .text("session_id", row -> row.getString("session_id"))
            .text("request_id", row -> row.getString("request_id"));
    String sql =
        SELECT
            + " JOIN "
            + keys.unnest("u")
            + " ON r.tenant = u.tenant AND r.session_id = u.session_id"
            + " AND r.request_id = u.request_id ORDER BY r.seq";
    return Database.query(client, sql, keys.params()).stream().map(StoredPrompt::read).toList();
  }

  /**
   * What is not published as it now stands, locked; rows that others publish are left to them.
   *
   * @param aside what is left out, by {@code seq}; here and below
   */
  public List<StoredPrompt> unpublished(SqlClient client, int limit, Long[] aside) {
    String sql =
        KEYS
            + " WHERE r.published_rev < r.rev AND r.seq <> ALL ($2) ORDER BY r.seq LIMIT $1"
            + " FOR UPDATE OF r SKIP LOCKED";
    return readLocked(client, Database.query(client, sql, Tuple.of(limit, aside)));
  }

  /** These states are published now. */
  public void published(SqlClient client, List<StoredPrompt> prompts) {
    Columns<StoredPrompt> columns =
        new Columns<>(prompts)
            .text("tenant", p -> p.request().key().tenant())
            .text("session_id", p -> p.request().key().sessionId())
            .text("request_id", p -> p.request().key().requestId())
            .number("rev", p -> p.request().rev());
    String sql =
        "UPDATE request r SET published_rev = u.rev FROM "
            + columns.unnest("u")
            + " WHERE r.tenant = u.tenant AND r.session_id = u.session_id"
            + " AND r.request_id = u.request_id";
    Database.query(client, sql, columns.params());
  }

  /** Notes the answer that counts. */
  public void choose(SqlClient client, StoredRequest request, StoredPrompt.Choice choice) {
    Database.query(
        client,
        "UPDATE prompt SET answer_id = $3, answer_reply_to = $4, answered_by = $5, option_id = $6,"
            + " feedback = $7, command_id = $8,"
            + " settling_since = CASE WHEN $8::text IS NULL THEN NULL ELSE clock_timestamp() END"
            + " WHERE tenant = $1 AND id = $2",
        Tuple.from(
            java.util.Arrays.asList(
                request.key().tenant(),
                request.promptId(),
                choice.answerId(),
                choice.replyTo(),
                choice.person(),
                choice.optionId(),
                choice.feedback(),
                choice.commandId())));
  }

  /** The answer that counts was sent again and is to be told under another mark. */
  public void choseAgain(SqlClient client, StoredRequest request, String replyTo) {
    Database.query(
        client,
        "UPDATE prompt SET answer_reply_to = $3 WHERE tenant = $1 AND id = $2",
        Tuple.of(request.key().tenant(), request.promptId(), replyTo));
  }

  /** The request waits for its override to be stored. */
  public void settling(SqlClient client, RequestKey key) {
    Database.query(
        client,
        "UPDATE request SET state = 'settling', rev = rev + 1"
            + " WHERE tenant = $1 AND session_id = $2 AND request_id = $3 AND state = 'open'",
        Tuple.of(key.tenant(), key.sessionId(), key.requestId()));
  }

  /** Open prompts whose deadline has passed, locked. */
  public List<StoredPrompt> overdue(SqlClient client, int limit, Long[] aside) {
    String sql =
        KEYS
            + " WHERE r.state = 'open' AND r.deadline <= clock_timestamp() AND r.seq <> ALL ($2)"
            + " ORDER BY r.deadline LIMIT $1 FOR UPDATE OF r SKIP LOCKED";
    return readLocked(client, Database.query(client, sql, Tuple.of(limit, aside)));
  }

  /** Open prompts that were judged under another policy than the one in force, locked. */
  public List<StoredPrompt> judgedBefore(SqlClient client, int limit, Long[] aside) {
    String sql =
        KEYS
            + " JOIN session s ON s.tenant = r.tenant AND s.id = r.session_id"
            + " LEFT JOIN override_projection o ON o.tenant = s.tenant AND o.user_id = s.owner"
            + " WHERE r.state = 'open' AND (s.closed_at IS NOT NULL"
            + " OR r.fence_session <> s.version"
            + " OR r.fence_document <> coalesce(o.version, 0)"
            + " OR r.fence_managed <> (SELECT revision FROM managed_fence))"
            + " AND r.seq <> ALL ($2)"
            + " ORDER BY r.seq LIMIT $1 FOR UPDATE OF r SKIP LOCKED";
    return readLocked(client, Database.query(client, sql, Tuple.of(limit, aside)));
  }

  /**
   * The open prompts of an owner about a tool, locked, oldest first. It waits for those that are
   * being published or judged: whoever holds one may not have seen what they are judged by now.
   *
   * @param after only those that were stored after this {@code seq}
   */
  public List<StoredPrompt> lockOpenOf(
      SqlClient client, String tenant, String owner, String tool, long after, int limit) {
    String sql =
        KEYS
            + " WHERE r.tenant = $1 AND r.owner = $2 AND r.tool = $3 AND r.seq > $4"
            + " AND r.state = 'open' ORDER BY r.seq LIMIT $5 FOR UPDATE OF r";
    return readLocked(
        client, Database.query(client, sql, Tuple.of(tenant, owner, tool, after, limit)));
  }

  /**
   * An open prompt stays open under another policy.
   *
   * @param changed whether what the person is shown changed
   */
  public void judgedAgain(
      SqlClient client,
      StoredPrompt prompt,
      Fence fence,
      String question,
      List<PromptOption> options,
      boolean changed) {
    RequestKey key = prompt.request().key();
    Database.query(
        client,
        "UPDATE request SET fence_managed = $4, fence_document = $5, fence_session = $6,"
            + " rev = rev + $7 WHERE tenant = $1 AND session_id = $2 AND request_id = $3",
        Tuple.from(
            List.of(
                key.tenant(),
                key.sessionId(),
                key.requestId(),
                fence.managed(),
                fence.document(),
                fence.session(),
                changed ? 1L : 0L)));
    Database.query(
        client,
        "UPDATE prompt SET reason = $3, options = $4 WHERE tenant = $1 AND id = $2",
        Tuple.of(
            key.tenant(),
            prompt.request().promptId(),
            question,
            Buffer.buffer(StoredOptions.write(options))));
  }

  /** Prompts whose "always" must be commanded, for the first time or again, locked. */
  public List<StoredPrompt> uncommanded(
      SqlClient client, Duration resend, int limit, Long[] aside) {
    String sql =
        KEYS
            + " WHERE r.state = 'settling' AND"
            + " coalesce(p.command_sent_at, e.command_sent_at, '-infinity')"
            + " < clock_timestamp() - $1::bigint * interval '1 millisecond'"
            + " AND r.seq <> ALL ($3) ORDER BY r.seq LIMIT $2 FOR UPDATE OF r SKIP LOCKED";
    return readLocked(
        client, Database.query(client, sql, Tuple.of(resend.toMillis(), limit, aside)));
  }

  /** The commands of these prompts, or of edits nobody is asked about, were sent now. */
  public void commanded(SqlClient client, List<StoredPrompt> prompts) {
    List<StoredPrompt> unasked =
        prompts.stream().filter(p -> p.request().promptId() == null).toList();
    Columns<StoredPrompt> edits =
        new Columns<>(unasked)
            .text("tenant", p -> p.request().key().tenant())
            .text("id", p -> p.edit().commandId());
    if (!unasked.isEmpty()) {
      Database.query(
          client,
          "UPDATE document_edit e SET command_sent_at = clock_timestamp() FROM "
              + edits.unnest("u")
              + " WHERE e.tenant = u.tenant AND e.command_id = u.id",
          edits.params());
    }
    Columns<StoredPrompt> columns =
        new Columns<>(prompts)
            .text("tenant", p -> p.request().key().tenant())
            .text("id", p -> p.request().promptId());
    Database.query(
        client,
        "UPDATE prompt p SET command_sent_at = clock_timestamp() FROM "
            + columns.unnest("u")
            + " WHERE p.tenant = u.tenant AND p.id = u.id",
        columns.params());
  }

  /** Prompts whose "always" was not stored in time, locked. */
  public List<StoredPrompt> unstored(SqlClient client, Duration timeout, int limit, Long[] aside) {
    String sql =
        KEYS
            + " WHERE r.state = 'settling' AND"
            + " coalesce(p.settling_since, e.settling_since)"
            + " < clock_timestamp() - $1::bigint * interval '1 millisecond'"
            + " AND r.seq <> ALL ($3) ORDER BY r.seq LIMIT $2 FOR UPDATE OF r SKIP LOCKED";
    return readLocked(
        client, Database.query(client, sql, Tuple.of(timeout.toMillis(), limit, aside)));
  }
}
