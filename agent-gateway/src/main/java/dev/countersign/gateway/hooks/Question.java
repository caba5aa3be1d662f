package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.ToolCall;

/**
 * What is kept of a request while it waits, which may be an hour: not its tool call.
 *
 * @param planInput the input of a call that ends plan mode, which its answer repeats; null for
 *     every other
 */
record Question(String requestId, String digest, JsonNode planInput) {
  private static final String EXIT_PLAN_MODE = "ExitPlanMode";

  static Question of(PermissionRequest request) {
    ToolCall tool = request.toolCall();
    return new Question(
        request.requestId(),
        Digest.of(tool),
        tool.tool().equals(EXIT_PLAN_MODE) ? tool.input() : null);
  }
}
