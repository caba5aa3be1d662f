package dev.countersign.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes fields out of JSON values, or says which one is not what it should be. */
final class JsonFields {
  /** A field that is not what it should be. */
  static final class BadCase extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String field;

    BadCase(String field, String detail) {
      super(detail);
      this.field = field;
    }

    String field() {
      return field;
    }
  }

  private JsonFields() {}

  static <T> T word(
      Map<String, Object> from,
      String key,
      String at,
      Function<String, Optional<T>> read,
      Supplier<String> words) {
    String text = text(from, key, at);
    return text == null
        ? null
        : read.apply(text)
            .orElseThrow(() -> new BadCase(at + key, "\"" + text + "\" is none of " + words.get()));
  }

  static String text(Map<String, Object> from, String key, String at) {
    return from.get(key) == null ? null : string(from.get(key), at + key);
  }

  static String string(Object value, String field) {
    if (value instanceof String text) {
      return text;
    }
    throw new BadCase(field, "a text");
  }

  static boolean flag(Map<String, Object> from, String key, boolean otherwise) {
    Object value = from.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw new BadCase(key, "true or false");
  }

  static List<Object> list(Map<String, Object> from, String key, String field) {
    Object value = from.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    throw new BadCase(field, "a list");
  }

  static Map<String, Object> object(Object value, String field) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new BadCase(field, "an object");
    }
    Map<String, Object> object = new LinkedHashMap<>();
    map.forEach((key, one) -> object.put(String.valueOf(key), one));
    return object;
  }
}
