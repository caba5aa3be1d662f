package dev.countersign.embedded.agents;

/** One answer of the Anthropic Messages API: one content block, whole or as a stream of events. */
record MessagesApi(String start, String delta, String whole, String stopReason) {
  private static final String TOOL_RESULT = "\"type\":\"tool_result\"";
  private static final String HEAD =
      "{\"id\":\"msg_scripted\",\"type\":\"message\",\"role\":\"assistant\","
          + "\"model\":\"scripted\",\"content\":[%s],\"stop_reason\":%s,\"stop_sequence\":null,"
          + "\"usage\":{\"input_tokens\":10,\"output_tokens\":10}}";

  static MessagesApi text(String text) {
    return new MessagesApi(
        "{\"type\":\"text\",\"text\":\"\"}",
        "{\"type\":\"text_delta\",\"text\":" + quote(text) + "}",
        "{\"type\":\"text\",\"text\":" + quote(text) + "}",
        "end_turn");
  }

  static MessagesApi toolUse(String id, ScriptedModel.ToolUse use) {
    String head = "{\"type\":\"tool_use\",\"id\":" + quote(id) + ",\"name\":" + quote(use.tool());
    return new MessagesApi(
        head + ",\"input\":{}}",
        "{\"type\":\"input_json_delta\",\"partial_json\":" + quote(use.inputJson()) + "}",
        head + ",\"input\":" + use.inputJson() + "}",
        "tool_use");
  }

  /** How many tool results a conversation holds. */
  static int toolResults(String conversation) {
    int count = 0;
    for (int at = conversation.indexOf(TOOL_RESULT);
        at >= 0;
        at = conversation.indexOf(TOOL_RESULT, at + 1)) {
      count++;
    }
    return count;
  }

  String message() {
    return HEAD.formatted(whole, quote(stopReason));
  }

  String events() {
    return event("message_start", "\"message\":" + HEAD.formatted("", "null"))
        + event("content_block_start", "\"index\":0,\"content_block\":" + start)
        + event("content_block_delta", "\"index\":0,\"delta\":" + delta)
        + event("content_block_stop", "\"index\":0")
        + event(
            "message_delta",
            "\"delta\":{\"stop_reason\":%s,\"stop_sequence\":null},\"usage\":{\"output_tokens\":10}"
                .formatted(quote(stopReason)))
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  }

  private static String event(String name, String members) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(name, name, members);
  }

  /** A JSON string. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
