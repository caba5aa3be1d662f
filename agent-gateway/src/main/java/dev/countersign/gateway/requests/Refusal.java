package dev.countersign.gateway.requests;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import java.util.Optional;

/**
 * A reply that refuses a request without a stored decision, such as one in a session that nobody
 * knows. It is all that a record may say for itself, because it allows nothing.
 */
record Refusal(PermissionReply reply) {
  static final String REUSED = "request_id_reused";

  /** Reads a reply as a refusal; empty if it is a decision, which only the stored one makes. */
  static Optional<Refusal> of(PermissionReply reply) {
    boolean bare =
        reply.rule() == null
            && reply.feedback() == null
            && reply.editedInput() == null
            && reply.promptId() == null;
    return bare && reply.effect() == Effect.DENY && reply.decidedBy() == DecidedBy.SYSTEM
        ? Optional.of(new Refusal(reply))
        : Optional.empty();
  }

  /**
   * Whether it is told to whoever waits. A stored request speaks for itself, except about another
   * call that was asked under its id.
   *
   * @param stored what was read after the refusal came
   * @param digest of the call that is waited for; null for whichever it is
   */
  boolean stands(Optional<StoredRequest> stored, String digest) {
    if (stored.isEmpty()) {
      return true;
    }
    PermissionReply decision = stored.get().decision();
    return reply.code().equals(REUSED)
        && digest != null
        && (decision == null || !digest.equals(decision.digest()));
  }
}
