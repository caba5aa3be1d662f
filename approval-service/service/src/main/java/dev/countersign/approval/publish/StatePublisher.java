package dev.countersign.approval.publish;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.StoredPrompt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/**
 * Publishes every state that is stored but not told yet: prompts, and the replies and receipts of
 * requests that end by an answer, a deadline, a cancel or a policy change.
 *
 * <p>Told at least once and in order per request: a crash between sending and noting repeats the
 * current state. Any number of replicas may run; a row belongs to one of them at a time.
 */
@ApplicationScoped
public class StatePublisher {
  private static final int BATCH = 200;

  private final Database database;
  private final PromptStore prompts;
  private final StateMessages messages;
  private final KafkaSender sender;

  public StatePublisher(
      Database database, PromptStore prompts, StateMessages messages, KafkaSender sender) {
    this.database = database;
    this.prompts = prompts;
    this.messages = messages;
    this.sender = sender;
  }

  /** Publishes until nothing is left. */
  public void publishAll() {
    while (publishSome() == BATCH) {}
  }

  private int publishSome() {
    return database.transaction(
        connection -> {
          List<StoredPrompt> changed = prompts.unpublished(connection, BATCH);
          if (!changed.isEmpty()) {
            Instant now = Instant.now();
            List<Outgoing> out =
                changed.stream().flatMap(p -> messages.of(p, now).stream()).toList();
            sender.sendAll(out);
            prompts.published(connection, changed);
          }
          return changed.size();
        });
  }
}
