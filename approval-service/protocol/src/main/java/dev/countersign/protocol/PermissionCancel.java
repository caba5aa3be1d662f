package dev.countersign.protocol;

/** The agent gives a request up. Final also when it arrives before the request. */
public record PermissionCancel(String tenant, String sessionId, String requestId, String reason)
    implements Event {
  public PermissionCancel {
    tenant = Require.tenant(tenant);
    sessionId = Require.id("sessionId", sessionId);
    requestId = Require.id("requestId", requestId);
    reason = Require.optional("reason", reason, 1000);
  }

  @Override
  public String key() {
    return sessionId;
  }
}
