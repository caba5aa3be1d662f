package dev.countersign.gateway.requests;

import dev.countersign.protocol.PermissionReply;
import java.time.Instant;

/**
 * A request as the approval service has it stored.
 *
 * @param state {@code open}, {@code settling} or {@code decided}
 */
record StoredRequest(
    String sessionId,
    String requestId,
    String state,
    String promptId,
    Instant deadline,
    PermissionReply decision) {
  RequestStatus status() {
    if (decision != null) {
      return new RequestStatus.Decided(decision);
    }
    return promptId == null
        ? new RequestStatus.Pending()
        : new RequestStatus.Asked(promptId, deadline);
  }
}
