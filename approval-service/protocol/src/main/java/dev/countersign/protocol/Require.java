package dev.countersign.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks shared by the records' compact constructors. */
final class Require {
  static final String DEFAULT_TENANT = "default";

  private Require() {}

  static String text(String field, String value, int max) {
    if (value == null || value.isEmpty()) {
      throw new InvalidEventException(field, "is required");
    }
    return optional(field, value, max);
  }

  static String optional(String field, String value, int max) {
    if (value != null && value.length() > max) {
      throw new InvalidEventException(field, "is longer than " + max + " characters");
    }
    return value;
  }

  /** An identifier, as {@link Identifiers#isId} has it. */
  static String id(String field, String value) {
    return named(field, value, Identifiers.isId(value), Identifiers.ID_RULE);
  }

  /** A user, as {@link Identifiers#isUser} has it. */
  static String user(String field, String value) {
    return named(field, value, Identifiers.isUser(value), Identifiers.USER_RULE);
  }

  private static String named(String field, String value, boolean right, String rule) {
    if (value == null || value.isEmpty()) {
      throw new InvalidEventException(field, "is required");
    }
    if (!right) {
      throw new InvalidEventException(field, rule);
    }
    return value;
  }

  /** A JSON object, or null where it is absent or null. */
  static JsonNode object(String field, JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isObject()) {
      throw new InvalidEventException(field, "must be a JSON object");
    }
    return value;
  }

  /** A tool's input: a JSON object that is not nested too deep to be passed on. */
  static JsonNode input(String field, JsonNode value) {
    JsonNode object = object(field, value);
    if (object != null && deeper(object, Json.MAX_INPUT_DEPTH)) {
      throw new InvalidEventException(
          field, "is nested deeper than " + Json.MAX_INPUT_DEPTH + " levels");
    }
    return object;
  }

  private static boolean deeper(JsonNode value, int levels) {
    if (!value.isContainerNode()) {
      return false;
    }
    if (levels == 0) {
      return true;
    }
    for (JsonNode child : value) {
      if (deeper(child, levels - 1)) {
        return true;
      }
    }
    return false;
  }

  /** A copy without gaps; empty where it is absent. */
  static <T> List<T> list(String field, List<T> value) {
    if (value == null) {
      return List.of();
    }
    for (int i = 0; i < value.size(); i++) {
      present(field + "[" + i + "]", value.get(i));
    }
    return List.copyOf(value);
  }

  /** A copy in the order of its keys; empty where it is absent. */
  static <T> Map<String, T> map(String field, Map<String, T> value) {
    if (value == null) {
      return Map.of();
    }
    value.forEach((key, entry) -> present(field + "." + key, entry));
    return Collections.unmodifiableMap(new TreeMap<>(value));
  }

  static String tenant(String value) {
    return value == null ? DEFAULT_TENANT : id("tenant", value);
  }

  static <T> T present(String field, T value) {
    if (value == null) {
      throw new InvalidEventException(field, "is required");
    }
    return value;
  }
}
