package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import java.nio.charset.StandardCharsets;

/** Capability facts as text for a model. */
final class Capabilities {
  private Capabilities() {}

  static String text(JsonNode facts) {
    JsonNode lines = facts.path("facts");
    if (!lines.isArray() || lines.isEmpty()) {
      return new String(Json.write(facts), StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(
        line -> text.append("- ").append(line.isTextual() ? line.asText() : line).append('\n'));
    return text.toString().strip();
  }
}
