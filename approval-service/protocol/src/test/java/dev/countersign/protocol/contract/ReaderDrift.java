package dev.countersign.protocol.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Schema and reader agree on what is wrong: in every example each field in turn is left out or gets
 * a wrong value, and either both refuse it or neither does.
 *
 * <p>Where a record holds a word as plain text, because a service checks it and answers with the
 * list of words, only the schema knows the words.
 */
final class ReaderDrift {
  private static final List<JsonNode> WRONG =
      List.of(
          IntNode.valueOf(-1),
          BooleanNode.TRUE,
          TextNode.valueOf(""),
          TextNode.valueOf("no id: ä"),
          TextNode.valueOf("x".repeat(65)),
          TextNode.valueOf("x".repeat(129)),
          TextNode.valueOf("x".repeat(257)),
          TextNode.valueOf("x".repeat(5000)),
          JsonNodeFactory.instance.objectNode(),
          JsonNodeFactory.instance.arrayNode(),
          JsonNodeFactory.instance.arrayNode().add(7));

  private final Contract contract;
  private final Schemas schemas;
  private final List<String> faults = new ArrayList<>();

  private ReaderDrift(Contract contract) {
    this.contract = contract;
    this.schemas = new Schemas(contract);
  }

  static List<String> faults(Contract contract) {
    ReaderDrift drift = new ReaderDrift(contract);
    for (EventType type : EventType.values()) {
      contract
          .examples()
          .getOrDefault(type.shortName(), Map.of())
          .forEach(
              (name, example) -> {
                JsonNode copy = example.deepCopy();
                JsonNode schema = contract.schemas().get(type.shortName());
                if (schema != null) {
                  drift.walk(
                      type, type + "/" + name, copy, copy, type.record(), type.shortName(), schema);
                }
              });
    }
    return drift.faults;
  }

  private void walk(
      EventType type,
      String at,
      JsonNode root,
      JsonNode node,
      Type java,
      String file,
      JsonNode schema) {
    if (schema.has("$ref")) {
      Contract.Located target = contract.target(file, schema);
      walk(type, at, root, node, java, target.file(), target.schema());
    } else if (java instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      for (JsonNode item : node) {
        walk(
            type,
            at + "[]",
            root,
            item,
            generic.getActualTypeArguments()[0],
            file,
            schema.path("items"));
      }
    } else if (java instanceof Class<?> plain
        && plain.isRecord()
        && node instanceof ObjectNode object) {
      for (RecordComponent component : plain.getRecordComponents()) {
        JsonNode inner = schema.path("properties").path(component.getName());
        field(type, at, root, object, component, contract.resolve(file, inner));
        if (object.has(component.getName())) {
          JsonNode value = object.get(component.getName());
          String below = at + "." + component.getName();
          walk(type, below, root, value, component.getGenericType(), file, inner);
        }
      }
    }
  }

  private void field(
      EventType type,
      String at,
      JsonNode root,
      ObjectNode object,
      RecordComponent component,
      JsonNode schema) {
    String name = component.getName();
    JsonNode before = object.get(name);
    if (before == null) {
      return;
    }
    object.remove(name);
    compare(type, at + " without " + name, root);
    for (JsonNode wrong : WRONG) {
      if (!(wrong.isTextual() && knownToTheSchemaOnly(component, schema))) {
        object.set(name, wrong);
        compare(type, at + " with " + name + " = " + wrong, root);
      }
    }
    object.set(name, before);
  }

  private static boolean knownToTheSchemaOnly(RecordComponent component, JsonNode schema) {
    int longest = schema.path("maxLength").asInt();
    boolean id = (longest == 128 || longest == 255) && schema.has("pattern");
    return component.getType() == String.class
        && !id
        && (schema.has("enum") || schema.has("pattern") || schema.has("format"));
  }

  private void compare(EventType type, String what, JsonNode value) {
    List<String> invalid = schemas.faults(type.shortName(), value);
    String refused = null;
    try {
      Json.read(Json.write(value), type.record());
    } catch (InvalidEventException e) {
      refused = e.getMessage();
    }
    if (invalid.isEmpty() != (refused == null)) {
      String who = refused == null ? "only the schema refuses" : "only the reader refuses";
      String shown = what.length() > 160 ? what.substring(0, 160) + "…" : what;
      faults.add(who + " " + shown + ": " + (refused == null ? invalid : refused));
    }
  }
}
