package dev.countersign.approval.overrides;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.loops.Kicks;
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
import org.jboss.logging.Logger;

/**
 * Sees an "always" through: commands it, again after a while, and gives up in the end. The command
 * carries the same id every time, so the store carries it out once. One that cannot be made costs
 * only its own request.
 */
@ApplicationScoped
public class SettlingSweep {
  private static final Logger LOG = Logger.getLogger(SettlingSweep.class);

  private final Database database;
  private final PromptStore prompts;
  private final RequestStore requests;
  private final OverrideCommands commands;
  private final KafkaSender sender;
  private final Kicks kicks;
  private final ApprovalConfig config;

  public SettlingSweep(
      Database database,
      PromptStore prompts,
      RequestStore requests,
      OverrideCommands commands,
      KafkaSender sender,
      Kicks kicks,
      ApprovalConfig config) {
    this.database = database;
    this.prompts = prompts;
    this.requests = requests;
    this.commands = commands;
    this.sender = sender;
    this.kicks = kicks;
    this.config = config;
  }

  /** Gives up what took too long, then commands what is due. */
  public void sweep() {
    int givenUp = database.transaction(this::giveUp);
    if (givenUp > 0) {
      kicks.somethingToPublish();
    }
    if (database.transaction(this::command) > 0) {
      kicks.somethingToPublish();
    }
  }

  private int command(SqlConnection connection) {
    Instant now = Instant.now();
    List<StoredPrompt> commanded = new ArrayList<>();
    List<Outgoing> out = new ArrayList<>();
    List<Finish> unusable = new ArrayList<>();
    for (StoredPrompt prompt : prompts.uncommanded(connection, config.overrideResend())) {
      if (readable(prompt)) {
        try {
          out.add(commands.of(prompt, now));
          commanded.add(prompt);
        } catch (RuntimeException e) {
          unusable.add(unusable(prompt, e));
        }
      }
    }
    if (!commanded.isEmpty()) {
      sender.sendAll(out);
      prompts.commanded(connection, commanded);
    }
    return requests.finish(connection, unusable).size();
  }

  /** No command can be made of it, now or later; the others go on. */
  private static Finish unusable(StoredPrompt prompt, RuntimeException why) {
    LOG.errorf(why, "What prompt %s settled cannot be commanded", prompt.request().promptId());
    return new Finish(
        prompt.request().key(),
        Outcomes.system("override_not_stored", "what was settled cannot be stored."),
        null);
  }

  /** What a newer version of this service wrote is left to it. */
  private static boolean readable(StoredPrompt prompt) {
    return prompt.problem() == null && (prompt.choice() != null || prompt.edit() != null);
  }

  private int giveUp(SqlConnection connection) {
    List<Finish> finishes =
        prompts.unstored(connection, config.overrideTimeout()).stream()
            .map(
                prompt ->
                    new Finish(
                        prompt.request().key(),
                        Outcomes.system(
                            "override_not_stored", "what was settled could not be stored in time."),
                        null))
            .toList();
    return requests.finish(connection, finishes).size();
  }
}
