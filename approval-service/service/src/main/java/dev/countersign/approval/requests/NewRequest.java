package dev.countersign.approval.requests;

import dev.countersign.approval.edits.PlannedEdit;
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

  /**
   * What a person is asked.
   *
   * @param expiresAt when the agent stops waiting; null if only the service's own limit counts
   */
  public record Question(
      String promptId, String reason, List<PromptOption> options, Instant expiresAt) {
    public Question {
      options = List.copyOf(options);
    }
  }
}
