package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The one JSON codec. Unknown fields are ignored, but not in settings and rule sets; everything
 * else is strict: no duplicate keys, no trailing text, no silent conversion between types, bounded
 * nesting.
 */
public final class Json {
  /** The deepest nesting that is read. */
  public static final int MAX_DEPTH = 100;

  /**
   * The deepest nesting of a tool's input. Lower than {@link #MAX_DEPTH}, so that what was read as
   * a request stays readable inside a prompt, an inbox event or a page of them.
   */
  public static final int MAX_INPUT_DEPTH = 90;

  /** The size of the largest record on any topic, in bytes; also the longest text that is read. */
  public static final int MAX_RECORD_BYTES = 4 * 1024 * 1024;

  /** The application's limit for one request or answer, in bytes. */
  public static final int MAX_REQUEST_BYTES = 1024 * 1024;

  /** The application's limit for one user's document, in bytes. */
  public static final int MAX_DOCUMENT_BYTES = 512 * 1024;

  /**
   * The most tokens (names, values, and where objects and lists begin and end) of what anybody
   * sends. A token takes some 80 bytes of memory however few it takes as text. The largest document
   * holds fewer.
   */
  public static final int MAX_TOKENS = 150_000;

  private static final JsonFactory ANY_LENGTH =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(400)
                  .maxStringLength(MAX_RECORD_BYTES)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              ANY_LENGTH
                  .rebuild()
                  .streamReadConstraints(
                      ANY_LENGTH
                          .streamReadConstraints()
                          .rebuild()
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .addModule(new JavaTimeModule())
          .addModule(StrictScalars.module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              c -> {
                c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                c.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                c.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .addHandler(new StrictSettings())
          .build();

  private Json() {}

  /** The mapper itself, for frameworks that want one. It must not be changed. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** Writes an event or any part of one. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a value.
   *
   * @throws InvalidEventException naming the field, or the line and column, and what is wrong
   */
  public static <T> T read(byte[] json, Class<T> type) {
    return read(json, type, MAPPER.getFactory());
  }

  /**
   * Reads what one of our services wrote, of any number of tokens: a page may hold many values.
   *
   * @throws InvalidEventException as {@link #read} does
   */
  public static <T> T readOwn(byte[] json, Class<T> type) {
    return read(json, type, ANY_LENGTH);
  }

  private static <T> T read(byte[] json, Class<T> type, JsonFactory factory) {
    try (JsonParser parser = factory.createParser(json)) {
      T value = MAPPER.readerFor(type).readValue(parser);
      if (value == null) {
        throw new InvalidEventException("$", "must be a JSON object, not null");
      }
      return value;
    } catch (IOException e) {
      throw invalid(e);
    }
  }

  /**
   * A parser that passes over a text of any number of tokens. It checks no names for repetition: it
   * is for finding the pieces, which are then read as ever.
   */
  public static JsonParser skim(byte[] json) throws IOException {
    return ANY_LENGTH.createParser(json).disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  }

  /**
   * A text at the top of a record that may be no valid event, so that its sender can be told.
   *
   * @param json may be null
   * @return null if the record cannot be read, or does not hold such a text exactly once
   */
  public static String salvaged(byte[] json, String field) {
    if (json == null) {
      return null;
    }
    try (JsonParser parser = skim(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      String found = null;
      int times = 0;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(field);
        JsonToken value = parser.nextToken();
        if (wanted) {
          times++;
          found = value == JsonToken.VALUE_STRING ? parser.getText() : null;
        }
        parser.skipChildren();
      }
      return times == 1 && parser.nextToken() == null ? found : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Reads any JSON value as a tree. */
  public static JsonNode readTree(byte[] json) {
    return read(json, JsonNode.class);
  }

  /** What was wrong with a JSON text, in our words. */
  public static InvalidEventException invalid(IOException e) {
    return JsonFaults.describe(e);
  }
}
