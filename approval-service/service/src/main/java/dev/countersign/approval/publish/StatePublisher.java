package dev.countersign.approval.publish;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.loops.Worklist;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.requests.RequestStore.Finish;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Publishes every state that is stored but not told yet: prompts, and the replies and receipts of
 * requests that end by an answer, a deadline, a cancel or a policy change.
 *
 * <p>Told at least once and in order per request: a crash between sending and noting repeats the
 * current state. Any number of replicas may run; a row belongs to one of them at a time. What of a
 * state no event can say is dead-lettered; a prompt that nobody can be shown ends.
 */
@ApplicationScoped
public class StatePublisher {
  /** As it is called where its progress is shown. */
  public static final String NAME = "state publisher";

  private static final int BATCH = 200;

  private final Worklist<StoredPrompt> unpublished;
  private final PromptStore prompts;
  private final RequestStore requests;
  private final StateMessages messages;
  private final KafkaSender sender;

  public StatePublisher(
      Database database,
      PromptStore prompts,
      RequestStore requests,
      StateMessages messages,
      KafkaSender sender,
      Progress progress) {
    this.unpublished =
        new Worklist<>(
            "states", database, prompt -> prompt.request().seq(), () -> progress.advances(NAME));
    this.prompts = prompts;
    this.requests = requests;
    this.messages = messages;
    this.sender = sender;
  }

  /** Publishes until nothing is left; of large states a batch has only a few. */
  public void publishAll() {
    while (unpublished.some(BATCH, prompts::unpublished, this::publish) > 0) {}
  }

  private void publish(SqlConnection connection, List<StoredPrompt> changed) {
    Instant now = Instant.now();
    List<Outgoing> out = new ArrayList<>();
    List<Finish> unshown = new ArrayList<>();
    for (StoredPrompt prompt : changed) {
      StateMessages.State state = messages.of(prompt, now);
      out.addAll(state.messages());
      if (state.unshown() != null) {
        unshown.add(
            new Finish(
                prompt.request().key(),
                Outcomes.system("unpublishable", "nobody can be asked: " + state.unshown()),
                null));
      }
    }
    sender.sendAll(out);
    prompts.published(connection, changed);
    requests.finishOpen(connection, unshown);
  }
}
