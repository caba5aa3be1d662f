package dev.countersign.approval.deadlines;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.SqlErrors;
import dev.countersign.approval.health.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Removes what is kept only so that something sent again is recognised, once that is over, and what
 * the operator's retention ends. A few rows at a time, each few in a transaction of their own, so
 * that no decision waits for it and a crash loses nothing of what is done.
 */
@ApplicationScoped
public class Cleaner {
  /** As it is called where its progress is shown. */
  public static final String NAME = Progress.CLEANING;

  /** So many rows at once, and fewer where their bytes take longer than a statement gets. */
  private static final int BATCH = 2_000;

  /** Longer than Kafka keeps the offsets of a group that is away. */
  private static final Duration LEAST_FOR_RECEIPTS = Duration.ofDays(30);

  private static final String OLD = "clock_timestamp() - $1::bigint * interval '1 millisecond'";

  /** A grant that lives is judged again by the call that it came from. */
  private static final String GRANTING =
      "EXISTS (SELECT FROM permission_grant g WHERE g.tenant = r.tenant"
          + " AND g.session_id = r.session_id AND g.request_id = r.request_id"
          + " AND g.dead_at IS NULL)";

  private static final String COMMANDS = removal("session_command", "WHERE t.handled_at < :old");

  private static final String GRANTS = removal("permission_grant", "WHERE t.dead_at < :old");

  private static final String EDITS =
      removal(
          "document_edit",
          "JOIN request r USING (tenant, session_id, request_id) WHERE r.decided_at < :old");

  private static final String INPUTS =
      removal(
          "request_input",
          """
          JOIN request r USING (tenant, session_id, request_id)
          WHERE t.stored_at < :old AND r.state = 'decided' AND r.decided_at < :old
            AND r.published_rev = r.rev AND NOT :granting
          ORDER BY t.stored_at""");

  /** A decision that Kafka does not have yet stays until it has. */
  private static final String RECEIPTS =
      """
      WITH gone AS (
        DELETE FROM request WHERE ctid = ANY (ARRAY(
          SELECT r.ctid FROM request r
          WHERE r.state = 'decided' AND r.decided_at < :old AND r.published_rev = r.rev
            AND NOT :granting
          ORDER BY r.decided_at LIMIT $2::int FOR UPDATE SKIP LOCKED))
        RETURNING tenant, session_id, request_id, prompt_id),
      inputs AS (
        DELETE FROM request_input i USING gone g WHERE i.tenant = g.tenant
          AND i.session_id = g.session_id AND i.request_id = g.request_id),
      edits AS (
        DELETE FROM document_edit e USING gone g WHERE e.tenant = g.tenant
          AND e.session_id = g.session_id AND e.request_id = g.request_id),
      erasures AS (
        DELETE FROM erasure_waiting w USING gone g WHERE w.tenant = g.tenant
          AND w.session_id = g.session_id AND w.request_id = g.request_id),
      prompts AS (
        DELETE FROM prompt p USING gone g WHERE p.tenant = g.tenant AND p.id = g.prompt_id)
      SELECT count(*) FROM gone
      """;

  private final Database database;
  private final Progress progress;
  private final Duration commands;
  private final Duration grants;
  private final Optional<Duration> inputs;
  private final Optional<Duration> receipts;

  /**
   * Takes the retentions.
   *
   * @throws IllegalArgumentException if one is so short that something could be decided twice
   */
  public Cleaner(Database database, Progress progress, ApprovalConfig config) {
    this.database = database;
    this.progress = progress;
    this.commands = config.commandRetention();
    this.grants = config.grantRetention();
    this.inputs = atLeast("input", config.inputRetention(), config.requestRetention());
    // A request that is read again must find its receipt, or be too old to be judged.
    Duration least =
        Stream.of(LEAST_FOR_RECEIPTS, config.requestRetention(), config.sessions().idleAfter())
            .max(Duration::compareTo)
            .orElseThrow();
    this.receipts = atLeast("receipt", config.receiptRetention(), least);
  }

  /** Removes at most a batch of the rows of a table, and counts them. */
  private static String removal(String table, String which) {
    return """
        WITH gone AS (
          DELETE FROM %1$s WHERE ctid = ANY (ARRAY(
            SELECT t.ctid FROM %1$s t %2$s
            LIMIT $2::int FOR UPDATE OF t SKIP LOCKED))
          RETURNING 1)
        SELECT count(*) FROM gone
        """
        .formatted(table, which);
  }

  private static Optional<Duration> atLeast(String of, Optional<Duration> set, Duration least) {
    set.filter(keep -> keep.compareTo(least) < 0)
        .ifPresent(
            keep -> {
              throw new IllegalArgumentException(
                  "countersign.%s-retention is %s; it must be at least %s"
                      .formatted(of, keep, least));
            });
    return set;
  }

  /** Removes all that is older than its retention. */
  public void clean() {
    remove(COMMANDS, commands);
    remove(GRANTS, grants);
    remove(EDITS, commands);
    inputs.ifPresent(keep -> remove(INPUTS, keep));
    receipts.ifPresent(keep -> remove(RECEIPTS, keep));
  }

  private void remove(String statement, Duration keep) {
    String sql = statement.replace(":old", OLD).replace(":granting", GRANTING);
    int batch = BATCH;
    while (true) {
      try {
        if (database.query(sql, keep.toMillis(), batch).get(0).getLong(0) == 0) {
          return;
        }
        progress.advances(NAME);
      } catch (RuntimeException e) {
        if (batch == 1 || !SqlErrors.tookTooLong(e)) {
          throw e;
        }
        batch /= 2;
      }
    }
  }
}
