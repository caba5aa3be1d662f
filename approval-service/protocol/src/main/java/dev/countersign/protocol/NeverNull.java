package dev.countersign.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import java.io.IOException;

/** Reads a field of any type that may be absent, but not {@code null}. */
final class NeverNull extends JsonDeserializer<Object> implements ContextualDeserializer {
  private final JsonDeserializer<?> reader;

  NeverNull() {
    this(null);
  }

  private NeverNull(JsonDeserializer<?> reader) {
    this.reader = reader;
  }

  @Override
  public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty field)
      throws JsonMappingException {
    return new NeverNull(context.findContextualValueDeserializer(field.getType(), field));
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    return reader.deserialize(parser, context);
  }

  @Override
  public Object getNullValue(DeserializationContext context) throws JsonMappingException {
    throw refused(context);
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return null;
  }

  static RefusedSetting refused(DeserializationContext context) {
    return new RefusedSetting(context.getParser(), "must not be null; leave it out instead");
  }
}
