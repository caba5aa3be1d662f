package dev.countersign.approval.deadlines;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.health.Progress;
import jakarta.enterprise.context.ApplicationScoped;

/** Removes what is kept only so that something sent again is recognised, once that is over. */
@ApplicationScoped
public class Cleaner {
  /** As it is called where its progress is shown. */
  public static final String NAME = "cleaning";

  /** So many rows are removed well within the time that a statement gets. */
  private static final int BATCH = 10_000;

  private final Database database;
  private final Progress progress;
  private final long keepMillis;
  private final long keepGrantsMillis;

  public Cleaner(Database database, Progress progress, ApprovalConfig config) {
    this.database = database;
    this.progress = progress;
    this.keepMillis = config.commandRetention().toMillis();
    this.keepGrantsMillis = config.grantRetention().toMillis();
  }

  /** Removes session commands, dead grants and edits that are over, older than their retention. */
  public void clean() {
    remove("session_command", "SELECT ctid FROM session_command WHERE handled_at", keepMillis);
    remove("permission_grant", "SELECT ctid FROM permission_grant WHERE dead_at", keepGrantsMillis);
    remove(
        "document_edit",
        "SELECT e.ctid FROM document_edit e JOIN request r USING (tenant, session_id, request_id)"
            + " WHERE r.decided_at",
        keepMillis);
  }

  private void remove(String table, String since, long keep) {
    String sql =
        """
        WITH gone AS (
          DELETE FROM %s WHERE ctid = ANY (ARRAY(
            %s < clock_timestamp() - $1::bigint * interval '1 millisecond' LIMIT %d))
          RETURNING 1)
        SELECT count(*) FROM gone
        """
            .formatted(table, since, BATCH);
    while (database.query(sql, keep).get(0).getLong(0) > 0) {
      progress.advances(NAME);
    }
  }
}
