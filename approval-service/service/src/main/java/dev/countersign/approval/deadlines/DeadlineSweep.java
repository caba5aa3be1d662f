package dev.countersign.approval.deadlines;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.requests.RequestStore.Finish;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Ends prompts that nobody answered in time, by the database's clock alone; also those whose
 * deadline passed while no service ran.
 */
@ApplicationScoped
public class DeadlineSweep {
  private static final int BATCH = 200;

  private final Database database;
  private final PromptStore prompts;
  private final RequestStore requests;
  private final Kicks kicks;

  public DeadlineSweep(Database database, PromptStore prompts, RequestStore requests, Kicks kicks) {
    this.database = database;
    this.prompts = prompts;
    this.requests = requests;
    this.kicks = kicks;
  }

  /** Ends all that are overdue. */
  public void sweep() {
    int ended;
    do {
      ended = database.transaction(this::endSome);
      if (ended > 0) {
        kicks.somethingToPublish();
      }
    } while (ended == BATCH);
  }

  private int endSome(io.vertx.mutiny.sqlclient.SqlConnection connection) {
    List<Finish> finishes =
        prompts.overdue(connection, BATCH).stream()
            .map(p -> p.request())
            .map(r -> new Finish(r.key(), Outcomes.timeout(r.deadline()), null))
            .toList();
    return requests.finishOpen(connection, finishes).size();
  }
}
