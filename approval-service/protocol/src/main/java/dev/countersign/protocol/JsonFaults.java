package dev.countersign.protocol;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.util.ClassUtil;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says what was wrong with a JSON text without the words of the library that found it. */
final class JsonFaults {
  private JsonFaults() {}

  static InvalidEventException describe(IOException e) {
    if (e.getCause() instanceof InvalidEventException invalid) {
      return invalid;
    }
    Throwable root = ClassUtil.getRootCause(e);
    if (root instanceof JsonParseException || root instanceof StreamConstraintsException) {
      return unreadable((JsonProcessingException) root);
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return new InvalidEventException(path(mapping.getPath()), wrong(mapping));
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return new InvalidEventException("$", wrong(mismatch));
    }
    return e instanceof JsonProcessingException parse
        ? unreadable(parse)
        : new InvalidEventException("$", "is not readable JSON: " + line(e.getMessage()));
  }

  private static InvalidEventException unreadable(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    if (e instanceof StreamConstraintsException
        && e.getOriginalMessage().startsWith("Token count")) {
      return new InvalidEventException(
          "$", "has more than %d names and values%s".formatted(Json.MAX_TOKENS, where));
    }
    return new InvalidEventException(
        "$", "is not readable JSON" + where + ": " + line(e.getOriginalMessage()));
  }

  private static String path(List<JsonMappingException.Reference> references) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : references) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }

  private static String wrong(JsonMappingException e) {
    if (e instanceof RefusedSetting refused) {
      return refused.getOriginalMessage();
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      Object found = e instanceof InvalidFormatException format ? format.getValue() : null;
      String text = found instanceof String s ? ", not \"" + cut(s, 60) + "\"" : "";
      return "must be " + expected(mismatch.getTargetType()) + text;
    }
    return "cannot be read";
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(c -> Json.mapper().convertValue(c, String.class))
              .collect(Collectors.joining(", "));
    }
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == Instant.class) {
      return "an RFC 3339 instant such as 2026-05-04T09:30:00Z";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number of "
          + (type == int.class || type == Integer.class ? 32 : 64)
          + " bits";
    }
    return Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "another type";
  }

  private static String line(String message) {
    return message == null
        ? "no reason is known"
        : cut(message.lines().findFirst().orElse(""), 300);
  }

  static String cut(String text, int max) {
    return text.length() > max ? text.substring(0, max) + "…" : text;
  }
}
