package dev.countersign.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import java.io.IOException;

/**
 * Refuses unknown keys in settings, in an engine's and in rule sets: a typo there would be a limit
 * that is not there. Every other unknown field is ignored.
 */
final class StrictSettings extends DeserializationProblemHandler {
  @Override
  public boolean handleUnknownProperty(
      DeserializationContext context,
      JsonParser parser,
      JsonDeserializer<?> reader,
      Object beanOrClass,
      String name)
      throws IOException {
    Class<?> type = beanOrClass instanceof Class<?> c ? c : beanOrClass.getClass();
    boolean settings = type == SessionSettings.class || type == Engine.class;
    if (!settings && type != RuleSet.class) {
      return false;
    }
    String why =
        settings && OlderSettings.isOlderName(name)
            ? "is an older setting" + OlderWords.HINT
            : UnknownKeys.detail(name, UnknownKeys.of(type.asSubclass(Record.class)));
    RefusedSetting refused = new RefusedSetting(parser, why);
    refused.prependPath(beanOrClass, name);
    throw refused;
  }
}
