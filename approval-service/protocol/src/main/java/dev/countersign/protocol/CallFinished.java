package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The agent reports that a call which was allowed has ended. It changes no decision and gets no
 * reply; reported again it changes nothing.
 *
 * @param result how it ended; null if that is not known
 */
public record CallFinished(String tenant, String sessionId, String requestId, Result result)
    implements Event {
  /** How a call ended. */
  public enum Result {
    @JsonProperty("succeeded")
    SUCCEEDED,
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("stopped")
    STOPPED
  }

  public CallFinished {
    tenant = Require.tenant(tenant);
    sessionId = Require.id("sessionId", sessionId);
    requestId = Require.id("requestId", requestId);
  }

  @Override
  public String key() {
    return sessionId;
  }
}
