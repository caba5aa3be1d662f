package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import java.time.Instant;

/** Answers in Claude Code's own form. */
final class HookAnswers {
  private static final String OUTPUT = "hookSpecificOutput";

  private HookAnswers() {}

  /** Says nothing: the agent goes on as if there were no hook. Never for a tool call. */
  static ObjectNode neutral() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The tool must not run. */
  static ObjectNode deny(String reason) {
    ObjectNode answer = neutral();
    preToolUse(answer, "deny", reason);
    return answer;
  }

  /** Facts for the model, in answer to an event that takes some. */
  static ObjectNode context(String event, String text) {
    ObjectNode answer = neutral();
    answer.putObject(OUTPUT).put("hookEventName", event).put("additionalContext", text);
    return answer;
  }

  /**
   * A decision, for exactly this call and moment: an allow for another call, or one that is no
   * longer valid, is a deny.
   */
  static ObjectNode decided(PermissionReply reply, String digest, Instant now) {
    if (reply.effect() == Effect.DENY) {
      return deny(reasonOf(reply));
    }
    if (!digest.equals(reply.digest())) {
      return deny("Countersign: the decision that came is for another tool call; not run.");
    }
    if (reply.validUntil() == null || !now.isBefore(reply.validUntil())) {
      return deny("Countersign: the approval is no longer valid; not run.");
    }
    ObjectNode answer = neutral();
    ObjectNode output = preToolUse(answer, "allow", reasonOf(reply));
    if (reply.editedInput() != null) {
      output.set("updatedInput", reply.editedInput());
    }
    return answer;
  }

  /**
   * The same answer, also for a call that Claude Code would ask its own person about: it takes an
   * allow for the answer of a person only if an input comes with it.
   */
  static ObjectNode alsoForThePerson(ObjectNode answer, JsonNode input) {
    ObjectNode output = (ObjectNode) answer.path(OUTPUT);
    if (output.path("permissionDecision").asText().equals("allow") && !output.has("updatedInput")) {
      output.set("updatedInput", input);
    }
    return answer;
  }

  private static String reasonOf(PermissionReply reply) {
    boolean told = reply.feedback() == null || reply.reason().contains(reply.feedback());
    return "Countersign: " + reply.reason() + (told ? "" : " " + reply.feedback());
  }

  private static ObjectNode preToolUse(ObjectNode answer, String decision, String reason) {
    return answer
        .putObject(OUTPUT)
        .put("hookEventName", ClaudeCodeEvent.PRE_TOOL_USE)
        .put("permissionDecision", decision)
        .put("permissionDecisionReason", reason);
  }
}
