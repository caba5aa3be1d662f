package dev.countersign.local.demo;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.ToolCall;
import java.util.List;
import java.util.Map;

/**
 * One question of an agent.
 *
 * @param way how it reaches Countersign
 * @param answer what its person chooses when asked; null if nobody answers
 * @param maxWaitMillis how long the agent waits for a person; null for as long as it takes
 * @param sameIdAsBefore whether it uses the request id of the scene before
 */
record Scene(
    Cast.Role role,
    Way way,
    ToolCall call,
    PromptOption.Kind answer,
    Long maxWaitMillis,
    boolean sameIdAsBefore,
    Expected expected) {
  /** How a question reaches Countersign. */
  enum Way {
    HTTP,
    KAFKA
  }

  static Scene http(Cast.Role role, ToolCall call, Expected expected) {
    return new Scene(role, Way.HTTP, call, null, null, false, expected);
  }

  Scene answered(PromptOption.Kind kind) {
    return new Scene(role, way, call, kind, maxWaitMillis, sameIdAsBefore, expected);
  }

  Scene waitingAtMost(long millis) {
    return new Scene(role, way, call, answer, millis, sameIdAsBefore, expected);
  }

  Scene withTheSameId() {
    return new Scene(role, way, call, answer, maxWaitMillis, true, expected);
  }

  Scene overKafka() {
    return new Scene(role, Way.KAFKA, call, answer, maxWaitMillis, sameIdAsBefore, expected);
  }

  static ToolCall bash(String command) {
    return call("Bash", Map.of("command", command));
  }

  static ToolCall call(String tool, Map<String, ?> input) {
    return new ToolCall(
        tool,
        Json.mapper().valueToTree(input),
        Cast.WORKSPACE,
        "/home/demo",
        Map.of(),
        List.of(Cast.WORKSPACE));
  }

  /** The call in a few words. */
  String asked() {
    String input =
        call.input().has("command")
            ? call.input().path("command").asText()
            : call.input().toString();
    return call.tool() + " " + input + (sameIdAsBefore ? "  (same request id)" : "");
  }
}
