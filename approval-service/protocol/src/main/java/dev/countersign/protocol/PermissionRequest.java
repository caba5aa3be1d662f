package dev.countersign.protocol;

/**
 * A tool call that wants a decision.
 *
 * <p>A request is (tenant, sessionId, requestId) bound to the digest of its tool call. Sent again
 * with the same call it gets the stored decision again; with another call it is denied {@code
 * request_id_reused}.
 *
 * @param turnId the agent's turn, for approvals that hold for one turn; may be null
 * @param maxWaitMillis how long the agent will wait, counted from the record's append time; null
 *     means until the prompt's own deadline
 * @param claimedMode the mode the agent says it is in; it can only lower the session's; may be null
 * @param agentAsks why the agent itself would ask a person about this call; acts as an ask of the
 *     session, so it is silent in {@code bypassPermissions}; may be null
 */
public record PermissionRequest(
    String tenant,
    String sessionId,
    String requestId,
    String turnId,
    ToolCall toolCall,
    Long maxWaitMillis,
    String claimedMode,
    String agentAsks)
    implements Event {
  public PermissionRequest {
    tenant = Require.tenant(tenant);
    sessionId = Require.id("sessionId", sessionId);
    requestId = Require.id("requestId", requestId);
    turnId = turnId == null ? null : Require.id("turnId", turnId);
    toolCall = Require.present("toolCall", toolCall);
    if (maxWaitMillis != null && maxWaitMillis < 0) {
      throw new InvalidEventException("maxWaitMillis", "must not be negative");
    }
    claimedMode = Require.optional("claimedMode", claimedMode, 64);
    agentAsks = Require.optional("agentAsks", agentAsks, 1000);
  }

  @Override
  public String key() {
    return sessionId;
  }
}
