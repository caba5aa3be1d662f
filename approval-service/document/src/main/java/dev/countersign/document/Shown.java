package dev.countersign.document;

/** Text of a document as a person may see it: nothing in it can hide or reorder what is shown. */
final class Shown {
  private Shown() {}

  /** The text with every character that is not simply visible written as its number. */
  static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (plain(c)) {
                out.appendCodePoint(c);
              } else {
                out.append("\\u{%04x}".formatted(c));
              }
            });
    return out.toString();
  }

  private static boolean plain(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.SPACE_SEPARATOR,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
  }
}
