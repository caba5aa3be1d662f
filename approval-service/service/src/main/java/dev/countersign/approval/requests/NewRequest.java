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
 * @param premises what must still hold when it is stored; null if it is stored whatever holds
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
    PlannedEdit edit,
    Premises premises) {

  /** Where the call runs, if it may; an edit that needs no person runs here. */
  public Execution execution() {
    if (outcome != null) {
      return outcome.execution();
    }
    return question != null ? question.execution() : Execution.FOREGROUND;
  }

  /** The same, whatever holds when it is stored: for what no policy can change. */
  public NewRequest ending(Outcome end) {
    return new NewRequest(
        key,
        owner,
        tool,
        digest,
        call,
        turnId,
        claimedMode,
        agentAsks,
        requestedAt,
        address,
        sourcePartition,
        sourceOffset,
        fence,
        mode,
        true,
        end,
        null,
        null,
        null);
  }

  /**
   * What a judgement rests on beside its fence.
   *
   * @param until before this; null for no end
   * @param grants ids of the grants it used; each must be alive
   */
  public record Premises(Instant until, List<String> grants) {
    public Premises {
      grants = List.copyOf(grants);
    }
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
