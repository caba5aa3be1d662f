package dev.countersign.protocol;

/** Checks shared by the records' compact constructors. */
final class Require {
  private Require() {}

  static String text(String field, String value, int max) {
    if (value == null || value.isEmpty()) {
      throw new InvalidEventException(field, "is required");
    }
    return optional(field, value, max);
  }

  static String optional(String field, String value, int max) {
    if (value != null && value.length() > max) {
      throw new InvalidEventException(field, "is longer than " + max + " characters");
    }
    return value;
  }

  /** An identifier: 1 to 128 characters out of letters, digits and {@code . _ : @ + -}. */
  static String id(String field, String value) {
    text(field, value, 128);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!plain && "._:@+-".indexOf(c) < 0) {
        throw new InvalidEventException(
            field,
            "may hold only letters, digits and . _ : @ + - (found U+%04X)".formatted((int) c));
      }
    }
    return value;
  }

  static String tenant(String value) {
    return value == null ? "default" : id("tenant", value);
  }

  static <T> T present(String field, T value) {
    if (value == null) {
      throw new InvalidEventException(field, "is required");
    }
    return value;
  }
}
