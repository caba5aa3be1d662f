package dev.countersign.approval.overrides;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.loops.Worklist;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.requests.RequestStore.Finish;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/**
 * Sees an "always" through: commands it, again after a while, and gives up in the end. The command
 * carries the same id every time, so the store carries it out once.
 */
@ApplicationScoped
public class SettlingSweep {
  /** As it is called where its progress is shown. */
  public static final String NAME = "override commands";

  private static final int BATCH = 200;

  private final Worklist<StoredPrompt> unstored;
  private final Worklist<StoredPrompt> uncommanded;
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
      ApprovalConfig config,
      Progress progress) {
    Runnable advanced = () -> progress.advances(NAME);
    this.unstored =
        new Worklist<>("what is not stored", database, p -> p.request().seq(), advanced);
    this.uncommanded =
        new Worklist<>("override commands", database, p -> p.request().seq(), advanced);
    this.prompts = prompts;
    this.requests = requests;
    this.commands = commands;
    this.sender = sender;
    this.kicks = kicks;
    this.config = config;
  }

  /** Gives up what took too long, then commands what is due. */
  public void sweep() {
    int givenUp =
        unstored.some(
            BATCH,
            (connection, limit, aside) ->
                prompts.unstored(connection, config.overrideTimeout(), limit, aside),
            this::giveUp);
    if (givenUp > 0) {
      kicks.somethingToPublish();
    }
    uncommanded.some(
        BATCH,
        (connection, limit, aside) ->
            prompts.uncommanded(connection, config.overrideResend(), limit, aside),
        this::command);
  }

  private void command(SqlConnection connection, List<StoredPrompt> some) {
    List<StoredPrompt> due = some.stream().filter(SettlingSweep::readable).toList();
    if (!due.isEmpty()) {
      Instant now = Instant.now();
      sender.sendAll(
          due.stream()
              .map(prompt -> commands.of(prompt, now).about(prompt.request().source()))
              .toList());
      prompts.commanded(connection, due);
    }
  }

  /** What a newer version of this service wrote is left to it. */
  private static boolean readable(StoredPrompt prompt) {
    return prompt.choice() != null || prompt.edit() != null;
  }

  private void giveUp(SqlConnection connection, List<StoredPrompt> some) {
    List<Finish> finishes =
        some.stream()
            .map(
                prompt ->
                    new Finish(
                        prompt.request().key(),
                        Outcomes.system(
                            "override_not_stored", "what was settled could not be stored in time."),
                        null))
            .toList();
    requests.finish(connection, finishes);
  }
}
