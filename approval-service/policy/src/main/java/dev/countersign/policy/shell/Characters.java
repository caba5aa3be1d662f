package dev.countersign.policy.shell;

import java.util.List;
import java.util.Locale;

/** Finds characters that make a command look like another one. */
final class Characters {
  private Characters() {}

  /** Why a command is not what it looks like; null if no character says so. */
  static String strange(List<Word> words) {
    for (int i = 0; i < words.size(); i++) {
      String why = strange(words.get(i).text(), i == 0);
      if (why != null) {
        return why;
      }
    }
    return null;
  }

  private static String strange(String text, boolean program) {
    boolean prose = text.indexOf(' ') >= 0;
    int latin = 0;
    int alike = 0;
    int before = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c > ' ' && c < 127) {
        boolean letter = Character.isLetter(c);
        latin = letter ? c : 0;
        alike = letter ? alike : 0;
      } else if (c != ' ') {
        alike = lookalike(c) ? c : alike;
        boolean control = Character.isISOControl(c) && (program || c != '\n' && c != '\t');
        boolean shape = c >= 0xff01 && c <= 0xff5e && !prose;
        if (control || shape || program && c > 127 || hidden(c) && !joinsEmoji(c, before)) {
          return "holds " + name(c);
        }
      }
      if (latin != 0 && alike != 0 && !prose) {
        return "holds " + name(alike) + " among Latin letters";
      }
      before = c;
    }
    return null;
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.SPACE_SEPARATOR, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> c >= 0xfe00 && c <= 0xfe0f || c >= 0xe0100 && c <= 0xe01ef || blank(c);
    };
  }

  private static boolean blank(int c) {
    return switch (c) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
      default -> false;
    };
  }

  private static boolean joinsEmoji(int c, int before) {
    boolean joiner = c == 0x200d || c == 0xfe0f;
    return joiner
        && (before == 0xfe0f
            || before >= 0x1f000 && before <= 0x1faff
            || Character.getType(before) == Character.OTHER_SYMBOL);
  }

  private static boolean lookalike(int c) {
    return switch (Character.UnicodeScript.of(c)) {
      case CYRILLIC, GREEK, ARMENIAN, CHEROKEE -> true;
      default -> false;
    };
  }

  private static String name(int c) {
    String known = Character.getName(c);
    String code = String.format(Locale.ROOT, "U+%04X", c);
    return known == null ? code : code + " " + known;
  }
}
