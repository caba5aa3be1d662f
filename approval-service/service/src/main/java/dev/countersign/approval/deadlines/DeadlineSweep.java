package dev.countersign.approval.deadlines;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.loops.Worklist;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.requests.RequestStore.Finish;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Ends prompts that nobody answered in time, by the database's clock alone; also those whose
 * deadline passed while no service ran.
 */
@ApplicationScoped
public class DeadlineSweep {
  /** As it is called where its progress is shown. */
  public static final String NAME = "deadlines";

  private static final int BATCH = 200;

  private final Worklist<StoredPrompt> overdue;
  private final PromptStore prompts;
  private final RequestStore requests;
  private final Kicks kicks;

  public DeadlineSweep(
      Database database,
      PromptStore prompts,
      RequestStore requests,
      Kicks kicks,
      Progress progress) {
    this.overdue =
        new Worklist<>(
            NAME, database, prompt -> prompt.request().seq(), () -> progress.advances(NAME));
    this.prompts = prompts;
    this.requests = requests;
    this.kicks = kicks;
  }

  /** Ends all that are overdue. */
  public void sweep() {
    int ended;
    do {
      ended = overdue.some(BATCH, prompts::overdue, this::end);
      if (ended > 0) {
        kicks.somethingToPublish();
      }
    } while (ended > 0);
  }

  private void end(SqlConnection connection, List<StoredPrompt> some) {
    List<Finish> finishes =
        some.stream()
            .map(p -> p.request())
            .map(r -> new Finish(r.key(), Outcomes.timeout(r.deadline()), null))
            .toList();
    requests.finishOpen(connection, finishes);
  }
}
