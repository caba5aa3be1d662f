package dev.countersign.policy.paths;

import java.text.Normalizer;
import java.util.Locale;

/** Characters that make a text look like another one: invisible, reordering, look-alike. */
public final class Oddities {
  private Oddities() {}

  /** Names the first character that hides or reorders text; null if there is none. */
  public static String hidden(String text) {
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (c >= 0x20 && c < 0x7f || c == '\n' || c == '\t') {
        i++;
        continue;
      }
      String name = name(c);
      if (name != null && !joinsPictures(text, i, c)) {
        return name + String.format(Locale.ROOT, " (U+%04X)", c);
      }
      i += Character.charCount(c);
    }
    return null;
  }

  private static String name(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> "a control character";
      case Character.FORMAT -> "an invisible character";
      case Character.SPACE_SEPARATOR -> "an unusual blank";
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> "an unusual line break";
      case Character.SURROGATE -> "half a character";
      case Character.UNASSIGNED, Character.PRIVATE_USE -> "an unknown character";
      default -> invisibleLetter(c) ? "an invisible character" : null;
    };
  }

  private static boolean invisibleLetter(int c) {
    return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0 || c == 0x2800 || c == 0x34f;
  }

  /** A zero-width joiner between two pictures is part of one picture. */
  private static boolean joinsPictures(String text, int at, int c) {
    return c == 0x200d
        && at >= 1
        && text.length() > at + 1
        && picture(text.codePointBefore(at))
        && picture(text.codePointAt(at + 1));
  }

  private static boolean picture(int c) {
    return Character.getType(c) == Character.OTHER_SYMBOL || c == 0xfe0f || c >= 0x1f000;
  }

  /** Whether a name mixes Latin letters with ones of another script that look like them. */
  public static boolean lookAlike(String name) {
    boolean latin = false;
    boolean other = false;
    for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
      int c = name.codePointAt(i);
      if (c < 0x80) {
        latin |= Character.isLetter(c);
        continue;
      }
      if (c >= 0xff01 && c <= 0xff5e || c >= 0x1d400 && c <= 0x1d7ff) {
        return true;
      }
      if (Character.isLetter(c)) {
        switch (Character.UnicodeScript.of(c)) {
          case CYRILLIC, GREEK, ARMENIAN, CHEROKEE, COPTIC, LISU -> other = true;
          default -> {
            // Letters of this script are not taken for Latin ones.
          }
        }
      }
    }
    return latin && other;
  }

  /** Whether a text holds nothing but ASCII. */
  public static boolean ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** A text as denies compare it: case, width and invisible characters do not count. */
  public static String folded(String text) {
    if (ascii(text)) {
      return text.toLowerCase(Locale.ROOT);
    }
    StringBuilder kept = new StringBuilder();
    Normalizer.normalize(text, Normalizer.Form.NFKC)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.FORMAT && !invisibleLetter(c))
        .forEach(kept::appendCodePoint);
    return kept.toString().toLowerCase(Locale.ROOT);
  }
}
