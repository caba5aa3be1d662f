package dev.countersign.approval.requests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.InvalidEventException;
import java.util.Map;

/** Refuses texts that no database and no other program agrees on. */
public final class Texts {
  private Texts() {}

  /**
   * Checks every name and every text of a JSON value.
   *
   * @throws InvalidEventException if one holds U+0000 or half a surrogate pair
   */
  public static void check(String field, JsonNode value) {
    if (value == null) {
      return;
    }
    if (value.isTextual()) {
      check(field, value.textValue());
    } else if (value.isObject()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        check(field, entry.getKey());
        check(field, entry.getValue());
      }
    } else {
      value.forEach(element -> check(field, element));
    }
  }

  /** Checks one text; null passes. */
  public static void check(String field, String text) {
    for (int i = 0; text != null && i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new InvalidEventException(field, "holds U+0000, which no text may");
      }
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new InvalidEventException(
            field, "holds half a surrogate pair (U+%04X)".formatted((int) c));
      }
    }
  }

  /** Whether a text passes {@link #check}. */
  public static boolean storable(String text) {
    try {
      check("text", text);
      return true;
    } catch (InvalidEventException e) {
      return false;
    }
  }

  /** A text, cut where it is longer than it may be; no pair of surrogates is torn apart. */
  public static String cut(String text, int most) {
    if (text == null || text.length() <= most) {
      return text;
    }
    int end = most - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
