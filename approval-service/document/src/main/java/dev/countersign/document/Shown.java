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

  /** The same for a text of several lines. */
  static String lines(String text) {
    StringBuilder out = new StringBuilder(text.length());
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      out.append(i == 0 ? "" : "\n").append(of(lines[i]));
    }
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
