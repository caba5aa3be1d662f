package dev.countersign.protocol.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.ToolCall;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every event has examples; each is valid, is read by the record and written again as it was; and
 * together they show every field.
 *
 * <p>An example named {@code minimal} shows the least a sender may say: writing it again may add
 * defaults, but loses nothing.
 */
final class ExampleDrift {
  private ExampleDrift() {}

  static List<String> faults(Contract contract) {
    List<String> faults = new ArrayList<>();
    Schemas schemas = new Schemas(contract);
    Set<String> unknown = new HashSet<>(contract.examples().keySet());
    for (EventType type : EventType.values()) {
      unknown.remove(type.shortName());
      Map<String, JsonNode> examples = contract.examples().getOrDefault(type.shortName(), Map.of());
      if (examples.isEmpty()) {
        faults.add(type.shortName() + " has no example");
      }
      examples.forEach(
          (name, example) -> {
            String at = type.shortName() + "/" + name;
            for (String fault : schemas.faults(type.shortName(), example)) {
              faults.add(at + " is not valid: " + fault);
            }
            roundTrip(at, type, example, faults);
            digests(at, example, faults);
          });
      for (RecordComponent component : type.record().getRecordComponents()) {
        if (examples.values().stream().noneMatch(e -> e.has(component.getName()))) {
          faults.add("no example of " + type.shortName() + " shows " + component.getName());
        }
      }
    }
    unknown.forEach(name -> faults.add("examples of " + name + ", which is no event"));
    return faults;
  }

  private static void roundTrip(String at, EventType type, JsonNode example, List<String> faults) {
    try {
      JsonNode written = Json.readTree(Json.write(Json.read(Json.write(example), type.record())));
      boolean kept = at.endsWith("/minimal") ? holds(written, example) : written.equals(example);
      if (!kept) {
        faults.add(at + " is written again as " + written);
      }
    } catch (InvalidEventException e) {
      faults.add(at + " is not read: " + e.getMessage());
    }
  }

  private static boolean holds(JsonNode whole, JsonNode part) {
    if (!part.isObject()) {
      return whole.equals(part);
    }
    List<String> names = new ArrayList<>();
    part.fieldNames().forEachRemaining(names::add);
    return names.stream()
        .allMatch(name -> whole.has(name) && holds(whole.get(name), part.get(name)));
  }

  /** Where an example shows a tool call and its digest, the digest is right. */
  private static void digests(String at, JsonNode example, List<String> faults) {
    for (JsonNode node : Arrays.asList(example, example.path("prompt"))) {
      if (node.has("digest") && node.has("toolCall")) {
        ToolCall call = Json.read(Json.write(node.get("toolCall")), ToolCall.class);
        if (!Digest.of(call).equals(node.get("digest").asText())) {
          faults.add(at + " has the digest of another call than its own: " + Digest.of(call));
        }
      }
    }
  }
}
