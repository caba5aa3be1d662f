package dev.countersign.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.countersign.policy.OverrideLevel;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;

/** Reads single values; what is wrong is noted with its place, and reading goes on behind it. */
final class StrictValues {
  private final JsonParser parser;
  private final Faults faults;

  StrictValues(JsonParser parser, Faults faults) {
    this.parser = parser;
    this.faults = faults;
  }

  /** A level, at the present token. */
  String level(String path) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      String word = parser.getText();
      DocumentRules.faultOfLevel(word).ifPresent(fault -> faults.add(parser, path, fault));
      return word;
    }
    faults.add(parser, path, "must be one of " + OverrideLevel.words());
    parser.skipChildren();
    return "";
  }

  /** An instant, in UTC; at the present token. */
  String until(String path) throws IOException {
    String text = text(path);
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeException e) {
      faults.add(parser, path, "must be an instant such as \"2030-01-31T12:00:00Z\"");
      return text;
    }
  }

  /** A text that can be shown, at the present token. */
  String text(String path) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      faults.add(parser, path, "must be a text");
      parser.skipChildren();
      return "";
    }
    String text = parser.getText();
    Names.unprintable(text)
        .ifPresent(c -> faults.add(parser, path, "holds U+%04X; remove it".formatted(c)));
    return text;
  }

  /** Whether an object begins at the present token; anything else is skipped. */
  boolean isObject(String path) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return true;
    }
    faults.add(parser, path, "must be a JSON object");
    parser.skipChildren();
    return false;
  }

  /** Notes a key that means nothing, and skips its value. */
  void unknownKey(String path, String key, List<String> known) throws IOException {
    faults.add(
        parser,
        path,
        "has the unknown key %s; known are %s"
            .formatted(Names.quoted(key), String.join(", ", known)));
    parser.nextToken();
    parser.skipChildren();
  }
}
