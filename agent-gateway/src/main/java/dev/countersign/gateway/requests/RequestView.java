package dev.countersign.gateway.requests;

import java.time.Instant;

/**
 * A request that is not decided yet.
 *
 * @param state {@code asked} while a person is asked, {@code pending} before
 */
public record RequestView(
    String sessionId, String requestId, String state, String promptId, Instant deadline) {
  static RequestView of(String sessionId, String requestId, RequestStatus status) {
    return status instanceof RequestStatus.Asked asked
        ? new RequestView(sessionId, requestId, "asked", asked.promptId(), asked.deadline())
        : new RequestView(sessionId, requestId, "pending", null, null);
  }
}
