package dev.countersign.approval.policies;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.ToolCall;
import java.util.Map;

/** Translates between the words of the wire and those of the decision core. */
public final class PolicyCalls {
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private PolicyCalls() {}

  /** A tool call for the decision core. */
  public static dev.countersign.policy.ToolCall of(ToolCall call, String digest, String agentAsks) {
    return new dev.countersign.policy.ToolCall(
        call.tool(),
        map(call.input()),
        call.cwd(),
        call.home(),
        call.resolvedPaths(),
        digest,
        agentAsks);
  }

  private static Map<String, Object> map(JsonNode input) {
    return Json.mapper().convertValue(input, MAP);
  }
}
