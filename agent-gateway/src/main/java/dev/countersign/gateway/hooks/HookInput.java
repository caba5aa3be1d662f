package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Problems;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a hook's input is about. An input that may be about a tool, and is not a tool call that can
 * be read whole, is {@link Refused}: it never passes for an event that only tells something.
 */
sealed interface HookInput {
  /** The most bytes of a field that is kept of an event that cannot be read whole. */
  int SHORT = 16 * 1024;

  /** A tool that is to run. */
  record ToolUse(ClaudeCodeEvent event) implements HookInput {}

  /** An event that only tells something: it can let no tool run. */
  record Telling(ClaudeCodeEvent event) implements HookInput {}

  /** An event that is not known and names no tool. */
  record Other() implements HookInput {}

  /** It may be about a tool, and cannot be used. */
  record Refused(String why) implements HookInput {}

  /**
   * Reads an input.
   *
   * @throws dev.countersign.gateway.http.ProblemException 400 for an event that only tells
   *     something and cannot be read
   */
  static HookInput read(byte[] body) {
    JsonNode input;
    try {
      if (body == null || body.length == 0 || body.length > Json.MAX_REQUEST_BYTES) {
        return new Refused("it must be JSON of 1 to " + Json.MAX_REQUEST_BYTES + " bytes");
      }
      input = Json.readTree(body);
    } catch (InvalidEventException e) {
      String told = Json.salvaged(body, "hook_event_name");
      return told != null && ClaudeCodeEvent.TELLING.contains(told)
          ? telling(shortened(body))
          : new Refused(e.getMessage());
    }
    if (!input.isObject()) {
      return new Refused("it must be a JSON object");
    }
    String name = input.path("hook_event_name").textValue();
    if (ClaudeCodeEvent.PRE_TOOL_USE.equals(name)) {
      return toolUse(body);
    }
    if (ClaudeCodeEvent.TELLING.contains(name == null ? "" : name)) {
      return telling(body);
    }
    boolean nameless = name == null || name.isBlank();
    boolean other = !nameless && !name.strip().equalsIgnoreCase(ClaudeCodeEvent.PRE_TOOL_USE);
    return other && !namesTool(input)
        ? new Other()
        : new Refused(
            "hook_event_name must be %s for a tool call%s"
                .formatted(ClaudeCodeEvent.PRE_TOOL_USE, nameless ? "" : ", not " + name));
  }

  private static HookInput toolUse(byte[] body) {
    try {
      ClaudeCodeEvent event = Json.read(body, ClaudeCodeEvent.class);
      if (event.toolName() == null) {
        return new Refused("tool_name is required");
      }
      if (event.toolInput() == null || !event.toolInput().isObject()) {
        return new Refused("tool_input is required and must be a JSON object");
      }
      String mode = event.permissionMode();
      if (mode != null && PermissionMode.of(mode).isEmpty()) {
        return new Refused("permission_mode must be one of " + PermissionMode.words());
      }
      return new ToolUse(event);
    } catch (InvalidEventException e) {
      return new Refused(e.getMessage());
    }
  }

  private static HookInput telling(byte[] body) {
    try {
      return new Telling(Json.read(body, ClaudeCodeEvent.class));
    } catch (InvalidEventException e) {
      throw Problems.invalid(e);
    }
  }

  /** The same without what is long: a tool that has run may have answered anything. */
  private static byte[] shortened(byte[] body) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try (JsonParser parser = Json.skim(body);
        JsonGenerator out = Json.mapper().createGenerator(kept)) {
      parser.nextToken();
      out.writeStartObject();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        try (JsonGenerator one = Json.mapper().createGenerator(value)) {
          one.copyCurrentStructure(parser);
        }
        if (value.size() <= SHORT) {
          out.writeFieldName(name);
          out.writeRawValue(value.toString(StandardCharsets.UTF_8));
        }
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw Problems.invalid(Json.invalid(e));
    }
    return kept.toByteArray();
  }

  /** Whether any field is about a tool, however it is spelt. */
  private static boolean namesTool(JsonNode input) {
    return input.properties().stream()
        .anyMatch(field -> field.getKey().toLowerCase(Locale.ROOT).contains("tool"));
  }
}
