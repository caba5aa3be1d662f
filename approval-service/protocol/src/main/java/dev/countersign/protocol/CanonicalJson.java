package dev.countersign.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.erdtman.jcs.NumberToJSON;

/**
 * The JSON Canonicalization Scheme (RFC 8785): keys in UTF-16 order, no white space, numbers as
 * ECMAScript writes them.
 *
 * <p>RFC 8785 knows only numbers that a double holds. A number that a double does not hold exactly
 * keeps all its digits here, so that two inputs that differ never share a canonical form.
 */
public final class CanonicalJson {
  private CanonicalJson() {}

  /** The canonical form, as UTF-8. A lone surrogate is written as its {@code \\u} escape. */
  public static byte[] write(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void write(JsonNode value, StringBuilder out) {
    switch (value.getNodeType()) {
      case OBJECT -> object(value, out);
      case ARRAY -> array(value, out);
      case NUMBER -> out.append(number(value.decimalValue()));
      case STRING -> string(value.textValue(), out);
      case BOOLEAN -> out.append(value.booleanValue());
      case NULL -> out.append("null");
      case BINARY, MISSING, POJO -> throw new InvalidEventException("$", "is not JSON");
    }
  }

  private static void object(JsonNode value, StringBuilder out) {
    TreeSet<String> names = new TreeSet<>();
    value.fieldNames().forEachRemaining(names::add);
    char separator = '{';
    for (String name : names) {
      out.append(separator);
      string(name, out);
      out.append(':');
      write(value.get(name), out);
      separator = ',';
    }
    out.append(names.isEmpty() ? "{}" : "}");
  }

  private static void array(JsonNode value, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < value.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(value.get(i), out);
    }
    out.append(']');
  }

  private static String number(BigDecimal value) {
    double nearest = value.doubleValue();
    if (Double.isFinite(nearest)) {
      String text = serialize(nearest);
      if (new BigDecimal(text).compareTo(value) == 0) {
        return text;
      }
    }
    return value.stripTrailingZeros().toString();
  }

  private static String serialize(double value) {
    try {
      return NumberToJSON.serializeNumber(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < ' ' || loneSurrogate(text, i)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean loneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
