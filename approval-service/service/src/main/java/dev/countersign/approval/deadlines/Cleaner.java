package dev.countersign.approval.deadlines;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import jakarta.enterprise.context.ApplicationScoped;

/** Removes what is kept only so that something sent again is recognised, once that is over. */
@ApplicationScoped
public class Cleaner {
  private final Database database;
  private final long keepMillis;
  private final long keepGrantsMillis;

  public Cleaner(Database database, ApprovalConfig config) {
    this.database = database;
    this.keepMillis = config.commandRetention().toMillis();
    this.keepGrantsMillis = config.grantRetention().toMillis();
  }

  /** Removes session commands, dead grants and edits that are over, older than their retention. */
  public void clean() {
    database.query(
        "DELETE FROM session_command"
            + " WHERE handled_at < clock_timestamp() - $1::bigint * interval '1 millisecond'",
        keepMillis);
    database.query(
        "DELETE FROM permission_grant"
            + " WHERE dead_at < clock_timestamp() - $1::bigint * interval '1 millisecond'",
        keepGrantsMillis);
    database.query(
        "DELETE FROM document_edit e USING request r WHERE r.tenant = e.tenant"
            + " AND r.session_id = e.session_id AND r.request_id = e.request_id"
            + " AND r.decided_at < clock_timestamp() - $1::bigint * interval '1 millisecond'",
        keepMillis);
  }
}
