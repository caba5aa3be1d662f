package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.Source;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.Topics;
import java.time.Duration;
import java.time.Instant;

/**
 * A request as it is stored. Once decided it is the receipt: every reply and every receipt event is
 * made from it, so every copy says the same.
 *
 * @param seq order of storing
 * @param digest null where a cancel came before the request
 * @param mode the effective mode when it was decided; null where nothing was evaluated
 * @param outcome null until it is decided
 * @param decidedAt database time; null until it is decided
 * @param rev grows with every change that others must hear of
 */
public record StoredRequest(
    RequestKey key,
    long seq,
    String owner,
    String tool,
    String digest,
    String turnId,
    String claimedMode,
    String agentAsks,
    State state,
    Instant requestedAt,
    ReplyAddress address,
    long sourcePartition,
    long sourceOffset,
    Fence fence,
    String mode,
    String promptId,
    Instant deadline,
    Outcome outcome,
    Instant decidedAt,
    long rev) {
  /** Where a request stands. */
  public enum State {
    OPEN,
    SETTLING,
    DECIDED;

    /** The word in the database and on HTTP. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public boolean decided() {
    return state == State.DECIDED;
  }

  /** The record that asked first. */
  public Source source() {
    return new Source(Topics.REQUESTS, (int) sourcePartition, sourceOffset);
  }

  /** Whether its call may run. */
  public boolean allowed() {
    return outcome != null && outcome.effect() == Effect.ALLOW;
  }

  /** Whether it is bound to this call. A cancel that came first binds to whatever follows. */
  public boolean isFor(String callDigest) {
    return digest == null || digest.equals(callDigest);
  }

  /** The decision for the agent; only for a decided request. */
  public PermissionReply reply(Duration allowValidity) {
    boolean allowed = outcome.effect() == Effect.ALLOW;
    return new PermissionReply(
        key.tenant(),
        key.sessionId(),
        key.requestId(),
        digest,
        outcome.effect(),
        outcome.decidedBy(),
        outcome.code(),
        outcome.reason(),
        outcome.rule(),
        outcome.user(),
        outcome.feedback(),
        outcome.editedInput(),
        outcome.execution(),
        outcome.unproven(),
        promptId,
        decidedAt,
        allowed ? decidedAt.plus(allowValidity) : null);
  }

  /** The receipt event; only for a decided request. */
  public Receipt receipt(Duration allowValidity) {
    return new Receipt(
        key.tenant(), owner, tool, mode, fence, requestedAt, reply(allowValidity), outcome.trace());
  }
}
