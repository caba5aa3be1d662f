package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.Source;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

  /** What stands for the digest of an erased call begins so. It is told to nobody. */
  private static final String ERASED = "erased:";

  private static final String ERASED_EDIT = ERASED + "edited:";

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

  /** Whether the call and everything that was said about it are erased. */
  public boolean erased() {
    return digest != null && isErased(digest);
  }

  /** Whether this stands for the digest of an erased call. */
  public static boolean isErased(String digest) {
    return digest.startsWith(ERASED);
  }

  /**
   * Whether another input than the call's was allowed, and is erased: the call itself never was.
   */
  public boolean editErased() {
    return digest != null && digest.startsWith(ERASED_EDIT);
  }

  /**
   * What is stored instead of the digest of an erased call. Only a holder of the key can tell which
   * call it stands for: a digest alone would give a short command away to whoever guesses it.
   *
   * @param edited whether another input than the call's was allowed
   */
  public static String erasedDigest(
      TokenSigner key, RequestKey request, String digest, boolean edited) {
    return (edited ? ERASED_EDIT : ERASED)
        + key.derivedId(
            List.of(
                "erased call", request.tenant(), request.sessionId(), request.requestId(), digest));
  }

  /** The same, with the digest of its call where that was erased and this is the call. */
  StoredRequest recognising(TokenSigner key, String callDigest) {
    return erased() && digest.equals(erasedDigest(key, this.key, callDigest, false))
        ? withDigest(callDigest)
        : this;
  }

  private StoredRequest withDigest(String known) {
    return new StoredRequest(
        key,
        seq,
        owner,
        tool,
        known,
        turnId,
        claimedMode,
        agentAsks,
        state,
        requestedAt,
        address,
        sourcePartition,
        sourceOffset,
        fence,
        mode,
        promptId,
        deadline,
        outcome,
        decidedAt,
        rev);
  }

  /** The decision for the agent; only for a decided request. */
  public PermissionReply reply(Duration allowValidity) {
    boolean allowed = outcome.effect() == Effect.ALLOW;
    return new PermissionReply(
        key.tenant(),
        key.sessionId(),
        key.requestId(),
        erased() ? null : digest,
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
