package dev.countersign.protocol.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Texts that differ from a valid one in a single node, which has another type, or is gone. */
final class WrongTypes {
  private static final List<JsonNode> OTHERS =
      List.of(
          tree("null"),
          tree("7"),
          tree("\"x\""),
          tree("\"\""),
          tree("[]"),
          tree("{}"),
          tree("[1]"),
          tree("{\"x\": 1}"));

  private WrongTypes() {}

  static List<byte[]> of(byte[] valid) {
    List<byte[]> texts = new ArrayList<>();
    OTHERS.forEach(other -> texts.add(Json.write(other)));
    within(Json.readTree(valid), changed -> changed, texts);
    return texts;
  }

  /** Changes each member of a node; {@code whole} puts the changed node where it belongs. */
  private static void within(JsonNode node, UnaryOperator<JsonNode> whole, List<byte[]> texts) {
    if (node instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                UnaryOperator<JsonNode> put =
                    other -> whole.apply(object.deepCopy().set(name, other));
                texts.add(Json.write(whole.apply(object.deepCopy().without(name))));
                member(object.get(name), put, texts);
              });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int at = i;
        member(array.get(at), other -> whole.apply(array.deepCopy().set(at, other)), texts);
      }
    }
  }

  private static void member(JsonNode member, UnaryOperator<JsonNode> put, List<byte[]> texts) {
    OTHERS.forEach(other -> texts.add(Json.write(put.apply(other))));
    within(member, put, texts);
  }

  private static JsonNode tree(String text) {
    return Json.readTree(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
