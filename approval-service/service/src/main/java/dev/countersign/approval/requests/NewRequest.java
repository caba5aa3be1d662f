package dev.countersign.approval.requests;

import dev.countersign.approval.edits.PlannedEdit;
import dev.countersign.protocol.Execution;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.PromptOption;
import java.time.Instant;
import java.util.List;

/**
 * A request about to be stored, decided or with a question to a person.
 *
 * @param call the tool call as JSON; null for a cancel that came before its request
 * @param outcome null if a person is asked
 * @param question null if it is decided, or is an edit that needs no person
 * @param edit what would become of the user's document; null for any other call
 */
public record NewRequest(
    RequestKey key,
    String owner,
    String tool,
    String digest,
    byte[] call,
    String turnId,
    String claimedMode,
    String agentAsks,
    Instant requestedAt,
    ReplyAddress address,
    long sourcePartition,
    long sourceOffset,
    Fence fence,
    String mode,
    boolean published,
    Outcome outcome,
    Question question,
    PlannedEdit edit) {

  /** Where the call runs, if it may; an edit that needs no person runs here. */
  public Execution execution() {
    if (outcome != null) {
      return outcome.execution();
    }
    return question != null ? question.execution() : Execution.FOREGROUND;
  }

  /**
   * What a person is asked.
   *
   * @param expiresAt when the agent stops waiting; null if only the service's own limit counts
   * @param execution where the call runs, if it may
   */
  public record Question(
      String promptId,
      String reason,
      List<PromptOption> options,
      Instant expiresAt,
      Execution execution) {
    public Question {
      options = List.copyOf(options);
    }
  }
}
