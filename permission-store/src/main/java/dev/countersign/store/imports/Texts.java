package dev.countersign.store.imports;

/** Texts of files as a report can show them. */
final class Texts {
  private static final int SHOWN = 160;

  private Texts() {}

  /** A text in one line, cut, with nothing unprintable in it. */
  static String shown(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(SHOWN)
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    out.append("\\u%04x".formatted(c));
                default -> out.appendCodePoint(c);
              }
            });
    return text.codePointCount(0, text.length()) > SHOWN ? out + "…" : out.toString();
  }
}
