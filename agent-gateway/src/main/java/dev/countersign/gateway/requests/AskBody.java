package dev.countersign.gateway.requests;

import dev.countersign.protocol.ToolCall;

/**
 * The body of an ask. Everything but the tool call may be left out.
 *
 * @param requestId made by the agent so that it can ask again; the Idempotency-Key header will do
 */
public record AskBody(
    ToolCall toolCall,
    String requestId,
    String turnId,
    Long maxWaitMillis,
    String claimedMode,
    String agentAsks) {}
