package dev.countersign.document;

import java.util.Optional;

/** Checks of names that people and agents send, and their safe quotation in messages. */
public final class Names {
  private static final int QUOTED = 80;
  private static final int SENTENCE = 2000;

  private Names() {}

  /** What is wrong with a tool's name, if anything. */
  public static Optional<String> faultOfTool(String tool) {
    return fault("the tool's name", tool, tool, 256)
        .or(
            () ->
                tool.indexOf('*') < 0
                    ? Optional.empty()
                    : Optional.of("over-broad: an override names one tool, without *"));
  }

  /** What is wrong with a resource or pattern, if anything; a command may have several lines. */
  public static Optional<String> faultOfResource(String resource) {
    String oneLine = resource == null ? null : resource.replace('\n', ' ').replace('\t', ' ');
    return fault("the resource", resource, oneLine, 4096)
        .or(
            () ->
                resource.chars().anyMatch(c -> "*/ ".indexOf(c) < 0)
                    ? Optional.empty()
                    : Optional.of(
                        "over-broad: the resource would match everything; leave it out to mean the"
                            + " whole tool"));
  }

  private static Optional<String> fault(String what, String text, String shown, int max) {
    if (text == null || text.isBlank()) {
      return Optional.of(what + " is empty");
    }
    if (text.length() > max) {
      return Optional.of(what + " is longer than " + max + " characters");
    }
    if (!text.equals(text.strip())) {
      return Optional.of(what + " begins or ends with white space");
    }
    return unprintable(shown).map(c -> "%s holds U+%04X, which no name may".formatted(what, c));
  }

  /** A remark as it can be stored: what Postgres refuses, or what is half a character, replaced. */
  public static String storable(String text) {
    if (text == null) {
      return null;
    }
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  /** The first control character, line separator or half of a surrogate pair in a text. */
  static Optional<Integer> unprintable(String text) {
    return text.codePoints().filter(c -> !printable(c)).boxed().findFirst();
  }

  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** A sentence that may quote what somebody sent, as it can be sent back: storable, and cut. */
  public static String sayable(String sentence) {
    String text = storable(sentence);
    return text == null || text.length() <= SENTENCE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SENTENCE / 2)) + "…";
  }

  /** A text as it may stand in a message: in quotes, cut, with nothing unprintable in it. */
  public static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .limit(QUOTED)
        .forEach(
            c -> {
              if (printable(c)) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u%04x".formatted(c));
              }
            });
    return out.append(text.codePointCount(0, text.length()) > QUOTED ? "…\"" : "\"").toString();
  }
}
