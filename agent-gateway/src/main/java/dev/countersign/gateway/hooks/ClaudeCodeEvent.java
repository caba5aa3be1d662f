package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.policy.PermissionMode;
import java.util.Set;

/** What Claude Code writes to a hook, as far as it matters here. */
public record ClaudeCodeEvent(
    @JsonProperty("hook_event_name") String name,
    @JsonProperty("session_id") String sessionId,
    @JsonProperty("prompt_id") String promptId,
    @JsonProperty("cwd") String cwd,
    @JsonProperty("permission_mode") String permissionMode,
    @JsonProperty("tool_name") String toolName,
    @JsonProperty("tool_input") JsonNode toolInput,
    @JsonProperty("tool_use_id") String toolUseId,
    @JsonProperty("tool_response") JsonNode toolResponse,
    @JsonProperty("is_interrupt") Boolean interrupted,
    @JsonProperty("background_tasks") JsonNode backgroundTasks) {
  static final String PRE_TOOL_USE = "PreToolUse";
  static final String POST_TOOL_USE = "PostToolUse";
  static final String POST_TOOL_USE_FAILURE = "PostToolUseFailure";
  static final String USER_PROMPT_SUBMIT = "UserPromptSubmit";
  static final String STOP = "Stop";
  static final String SESSION_START = "SessionStart";
  static final String SESSION_END = "SessionEnd";

  /** The events that only tell something. */
  static final Set<String> TELLING =
      Set.of(
          SESSION_START,
          USER_PROMPT_SUBMIT,
          POST_TOOL_USE,
          POST_TOOL_USE_FAILURE,
          STOP,
          SESSION_END);

  /**
   * The mode it says it is in, as far as that lowers its session's; null for none. In {@code
   * dontAsk} Claude Code runs nothing that no hook allows: there the session's mode decides.
   */
  String claimedMode() {
    return PermissionMode.DONT_ASK.word().equals(permissionMode) ? null : permissionMode;
  }
}
