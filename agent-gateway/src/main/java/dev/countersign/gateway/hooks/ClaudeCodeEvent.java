package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/** What Claude Code writes to a hook, as far as it matters here. */
public record ClaudeCodeEvent(
    @JsonProperty("hook_event_name") String name,
    @JsonProperty("session_id") String sessionId,
    @JsonProperty("prompt_id") String promptId,
    @JsonProperty("cwd") String cwd,
    @JsonProperty("permission_mode") String permissionMode,
    @JsonProperty("tool_name") String toolName,
    @JsonProperty("tool_input") JsonNode toolInput,
    @JsonProperty("tool_use_id") String toolUseId) {
  static final String PRE_TOOL_USE = "PreToolUse";
  static final String SESSION_START = "SessionStart";
  static final String SESSION_END = "SessionEnd";
}
