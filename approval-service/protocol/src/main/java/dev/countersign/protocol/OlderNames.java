package dev.countersign.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import java.io.IOException;

/**
 * Refuses older names of settings among those of today. Any other unknown field is ignored; one
 * that once meant something is not: who wrote it would think that it still does.
 */
final class OlderNames extends DeserializationProblemHandler {
  @Override
  public boolean handleUnknownProperty(
      DeserializationContext context,
      JsonParser parser,
      JsonDeserializer<?> reader,
      Object beanOrClass,
      String name)
      throws IOException {
    boolean settings = beanOrClass instanceof SessionSettings || beanOrClass instanceof Engine;
    if (settings && OlderSettings.isOlderName(name)) {
      RefusedSetting refused = new RefusedSetting(parser, "is an older setting" + OlderWords.HINT);
      refused.prependPath(beanOrClass, name);
      throw refused;
    }
    return false;
  }
}
