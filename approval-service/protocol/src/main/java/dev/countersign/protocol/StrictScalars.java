package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Readers of scalars where Jackson's own convert silently, or insist on a field that may be new.
 */
final class StrictScalars {
  private StrictScalars() {}

  static SimpleModule module() {
    return new SimpleModule("strict-scalars")
        .setDeserializerModifier(new ExactWords())
        .addDeserializer(boolean.class, new Flag())
        .addDeserializer(Instant.class, new Rfc3339());
  }

  /** Jackson's own reader of enums forgives white space around a word; this one does not. */
  private static final class ExactWords extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyEnumDeserializer(
        DeserializationConfig config,
        JavaType type,
        BeanDescription description,
        JsonDeserializer<?> lenient) {
      return new ExactWord(type.getRawClass());
    }
  }

  private static final class ExactWord extends StdScalarDeserializer<Object> {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Object> constants = new LinkedHashMap<>();

    ExactWord(Class<?> type) {
      super(type);
      for (Field field : type.getFields()) {
        if (field.isEnumConstant()) {
          JsonProperty word = field.getAnnotation(JsonProperty.class);
          constants.put(word == null ? field.getName() : word.value(), constant(field));
        }
      }
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        return context.handleUnexpectedToken(handledType(), parser);
      }
      Object constant = constants.get(parser.getText());
      return constant != null
          ? constant
          : context.handleWeirdStringValue(handledType(), parser.getText(), "no such word");
    }

    private static Object constant(Field field) {
      try {
        return field.get(null);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** {@code true} or {@code false}; false where the field is absent or null. */
  private static final class Flag extends StdScalarDeserializer<Boolean> {
    private static final long serialVersionUID = 1L;

    Flag() {
      super(boolean.class);
    }

    @Override
    public Boolean deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return switch (parser.currentToken()) {
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        default -> (Boolean) context.handleUnexpectedToken(boolean.class, parser);
      };
    }

    @Override
    public Boolean getNullValue(DeserializationContext context) {
      return false;
    }
  }

  /** An RFC 3339 text with its offset; never a number, never a date alone. */
  private static final class Rfc3339 extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    Rfc3339() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        return (Instant) context.handleUnexpectedToken(Instant.class, parser);
      }
      String text = parser.getText();
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        return (Instant) context.handleWeirdStringValue(Instant.class, text, "no RFC 3339 instant");
      }
    }
  }
}
