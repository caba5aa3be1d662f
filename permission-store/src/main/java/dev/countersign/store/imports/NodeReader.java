package dev.countersign.store.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON as people write it into settings files: with comments and trailing commas. */
final class NodeReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Json.MAX_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private NodeReader() {}

  /** Reads a file that is one JSON object. */
  static Node.Fields read(String json) throws UnreadableFileException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw UnreadableFileException.malformed(1, 1, "must be one JSON object");
      }
      Node.Fields root = fields(parser);
      if (parser.nextToken() != null) {
        throw UnreadableFileException.malformed(
            line(parser),
            parser.currentTokenLocation().getColumnNr(),
            "is followed by more text; it must be one JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw UnreadableFileException.malformed(line, column, "is not JSON: " + why);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private static Node value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_STRING -> new Node.Text(line(parser), parser.getText());
      default -> new Node.Plain(line(parser), parser.getText());
    };
  }

  private static Node.Fields fields(JsonParser parser) throws IOException {
    int line = line(parser);
    List<Node.Field> fields = new ArrayList<>();
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      int at = line(parser);
      parser.nextToken();
      fields.add(new Node.Field(at, key, value(parser)));
    }
    return new Node.Fields(line, List.copyOf(fields));
  }

  private static Node elements(JsonParser parser) throws IOException {
    int line = line(parser);
    List<Node> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser));
    }
    return new Node.Elements(line, List.copyOf(values));
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
