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

  /** Removes session commands, and grants that died, older than their retention. */
  public void clean() {
    database.query(
        "DELETE FROM session_command"
            + " WHERE handled_at < clock_timestamp() - $1::bigint * interval '1 millisecond'",
        keepMillis);
    database.query(
        "DELETE FROM permission_grant"
            + " WHERE dead_at < clock_timestamp() - $1::bigint * interval '1 millisecond'",
        keepGrantsMillis);
  }
}
