package dev.countersign.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads an engine's tools: a list of texts ({@code ["Read", "Bash(git *)"]}), or an object from a
 * tool's name to what of it is there: {@code true} or {@code null} for all, {@code false} for
 * nothing, or a list ({@code {"bash": ["git *"], "edit": null}}). The object becomes the list it
 * stands for.
 */
final class EngineTools extends StdDeserializer<List<String>> {
  private static final long serialVersionUID = 1L;
  private static final String SHAPE =
      "must be a list of texts, or an object of lists of texts, true, false or null by tool";

  EngineTools() {
    super(List.class);
  }

  @Override
  public List<String> deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    JsonNode tools = context.readTree(parser);
    List<String> read = new ArrayList<>();
    if (tools.isArray()) {
      for (int i = 0; i < tools.size(); i++) {
        read.add(text(parser, "[" + i + "] ", tools.get(i)));
      }
    } else if (tools.isObject()) {
      for (Map.Entry<String, JsonNode> tool : tools.properties()) {
        read.addAll(entries(parser, tool.getKey(), tool.getValue()));
      }
    } else {
      throw new RefusedSetting(parser, SHAPE);
    }
    return read;
  }

  @Override
  public List<String> getNullValue(DeserializationContext context) throws JsonMappingException {
    throw NeverNull.refused(context);
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return null;
  }

  private static List<String> entries(JsonParser parser, String tool, JsonNode value)
      throws IOException {
    if (value.isNull() || value.isBoolean()) {
      return value.isBoolean() && !value.booleanValue() ? List.of() : List.of(tool);
    }
    if (!value.isArray()) {
      throw new RefusedSetting(parser, SHAPE + "; " + tool + " is none of these");
    }
    List<String> read = new ArrayList<>();
    for (JsonNode entry : value) {
      read.add(tool + "(" + text(parser, "." + tool + " ", entry) + ")");
    }
    return read;
  }

  private static String text(JsonParser parser, String where, JsonNode entry) throws IOException {
    if (!entry.isTextual()) {
      throw new RefusedSetting(parser, SHAPE + "; " + where.strip() + " holds no text");
    }
    return entry.textValue();
  }
}
