package dev.countersign.protocol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.UserDocument;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares every schema with its record: names, types, nested records, words of enums. */
final class SchemaDrift {
  private final Contract contract;
  private final Faults faults = new Faults();
  private final Set<String> compared = new HashSet<>();

  private SchemaDrift(Contract contract) {
    this.contract = contract;
  }

  static List<String> faults(Contract contract) {
    SchemaDrift drift = new SchemaDrift(contract);
    Set<String> expected =
        Arrays.stream(EventType.values()).map(EventType::shortName).collect(Collectors.toSet());
    expected.add(Contract.COMMON);
    drift.faults.sameNames("schemas", expected, contract.schemas().keySet());
    for (EventType type : EventType.values()) {
      JsonNode schema = contract.schemas().get(type.shortName());
      if (schema != null) {
        drift.event(type, schema);
      }
    }
    drift.definitions();
    return drift.faults.list();
  }

  private void event(EventType type, JsonNode schema) {
    String file = type.shortName();
    faults.same(file + ".title", type.record().getSimpleName(), schema.path("title").asText());
    faults.same(
        file + ".$id", "urn:countersign:schema:" + file + ".json", schema.path("$id").asText());
    record(file, file, schema, type.record());
  }

  /** Nothing in the common parts that no event uses, and none of them named unlike its record. */
  private void definitions() {
    JsonNode definitions = contract.schemas().getOrDefault(Contract.COMMON, null);
    if (definitions == null) {
      return;
    }
    String all =
        contract.schemas().values().stream().map(JsonNode::toString).collect(Collectors.joining());
    definitions
        .path("$defs")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!all.contains("#/$defs/" + name + "\"")) {
                faults.add("common.$defs." + name + " is used by no event");
              }
            });
  }

  private void record(String file, String at, JsonNode schema, Class<?> type) {
    faults.same(at + ".type", "object", schema.path("type").asText());
    Set<String> components =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> properties = new TreeSet<>();
    schema.path("properties").fieldNames().forEachRemaining(properties::add);
    faults.sameNames(at, components, properties);
    schema
        .path("required")
        .forEach(
            name -> {
              if (!components.contains(name.asText())) {
                faults.add(at + " requires " + name + ", which is no component");
              }
            });
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode property = schema.path("properties").path(component.getName());
      if (!property.isMissingNode()) {
        value(file, at + "." + component.getName(), property, component.getGenericType());
      }
    }
  }

  private void value(String file, String at, JsonNode node, Type type) {
    if (node.has("$ref")) {
      Contract.Located target = contract.target(file, node);
      if (target.schema().isMissingNode()) {
        faults.add(at + " refers to nothing: " + node.path("$ref"));
      } else if (compared.add(node.path("$ref").asText() + type)) {
        value(target.file(), at, target.schema(), type);
      }
      return;
    }
    if (type instanceof ParameterizedType generic) {
      collection(file, at, node, generic);
    } else if (type instanceof Class<?> plain && plain.isRecord()) {
      record(file, at, node, plain);
    } else if (type instanceof Class<?> plain && plain.isEnum()) {
      words(at, node, plain);
    } else if (type == JsonNode.class) {
      faults.same(at + ".type", "object", node.path("type").asText());
      if (node.has("properties")) {
        record(file, at, node, UserDocument.class);
      }
    } else {
      scalar(at, node, type);
    }
  }

  private void collection(String file, String at, JsonNode either, ParameterizedType type) {
    boolean list = type.getRawType() == List.class;
    JsonNode node = either.has("anyOf") ? asList(either) : either;
    faults.same(at + ".type", list ? "array" : "object", node.path("type").asText());
    String inner = list ? "items" : "additionalProperties";
    Type[] arguments = type.getActualTypeArguments();
    value(file, at + "." + inner, node.path(inner), arguments[arguments.length - 1]);
    if (type.getRawType() == Map.class && node.has("properties")) {
      faults.add(at + " names properties of a map");
    }
  }

  /** A list that may also be written as an object: the record holds the list. */
  private static JsonNode asList(JsonNode either) {
    for (JsonNode form : either.path("anyOf")) {
      if (form.path("type").asText().equals("array")) {
        return form;
      }
    }
    return either;
  }

  private void words(String at, JsonNode node, Class<?> type) {
    List<String> words = new ArrayList<>();
    node.path("enum").forEach(word -> words.add(word.asText()));
    List<String> constants =
        Arrays.stream(type.getFields())
            .filter(java.lang.reflect.Field::isEnumConstant)
            .map(field -> field.getAnnotation(JsonProperty.class).value())
            .toList();
    faults.same(at + ".type", "string", node.path("type").asText());
    faults.same(at + ".enum", constants.toString(), words.toString());
  }

  private void scalar(String at, JsonNode node, Type type) {
    String expected =
        type == String.class
            ? "string"
            : type == boolean.class || type == Boolean.class
                ? "boolean"
                : type == long.class || type == Long.class
                    ? "integer int64"
                    : type == int.class || type == Integer.class
                        ? "integer int32"
                        : type == Instant.class ? "string date-time" : "nothing known";
    String format = type == String.class ? "" : " " + node.path("format").asText();
    faults.same(at + ".type", expected, (node.path("type").asText() + format).strip());
  }
}
