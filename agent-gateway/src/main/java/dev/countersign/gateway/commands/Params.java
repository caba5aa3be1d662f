package dev.countersign.gateway.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Set;

/** The params of one call, checked: every name known, every value of its type. */
final class Params {
  private final ObjectNode params;

  Params(ObjectNode params, Set<String> known) {
    this.params = params;
    Iterator<String> names = params.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw JsonRpc.Fault.params(
            name, "is unknown; known are " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  /** A text that must be there. */
  String text(String name) {
    String value = optional(name);
    if (value == null || value.isEmpty()) {
      throw JsonRpc.Fault.params(name, "is required, a string");
    }
    return value;
  }

  /** A text that may be missing. */
  String optional(String name) {
    JsonNode value = params.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw JsonRpc.Fault.params(name, "must be a string");
    }
    return value.textValue();
  }

  /** Any value; null if it is missing. */
  JsonNode value(String name) {
    return params.get(name);
  }
}
