package dev.countersign.policy.paths;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Classes of characters in a glob: {@code [a-z]}, {@code [!a]}, {@code [[:digit:]]}. */
public final class Brackets {
  /** What every shell and search program reads alike, in any case and language. */
  private static final Pattern SURE =
      Pattern.compile("(?:[a-z](?:-[a-z])?|[A-Z](?:-[A-Z])?|[0-9](?:-[0-9])?|[._@%+,~])+");

  private static final Pattern RANGE = Pattern.compile("(.)-(.)");

  /** From where a class begins to where the last one may end. */
  private static final Pattern CLASSES = Pattern.compile("\\[[^/]*\\]");

  private Brackets() {}

  /** A glob wide enough for every reading of classes of which some characters were quoted. */
  public static String unsure(String glob) {
    return CLASSES.matcher(glob).replaceAll("?*");
  }

  /**
   * A glob as denies compare it: without case and width. A class of one character is that
   * character; one that programs may read in different ways, or that would mean something else
   * without case, fits any character. Behind {@code [.a.]} and {@code [=a=]} shells differ in where
   * the class ends: what follows may be anything. A backslash is a quote to some and a character to
   * others: where it decides on the class's end, what lies between may be anything.
   */
  public static String folded(String glob) {
    if (glob.indexOf('[') < 0) {
      return Oddities.folded(glob);
    }
    StringBuilder wide = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      int end = glob.charAt(i) == '[' ? end(glob, i) : -1;
      int other = glob.charAt(i) == '[' ? end(glob, i, false) : -1;
      int last = Math.max(end, other);
      if (last < 0) {
        int escaped = glob.charAt(i) == '\\' && i + 1 < glob.length() ? 1 : 0;
        wide.append(glob, i, i + 1 + escaped);
        i += escaped;
        continue;
      }
      String set = glob.substring(i + 1, last);
      if (set.contains("[.") || set.contains("[=")) {
        return Oddities.folded(wide.append('*').toString());
      }
      boolean sure = SURE.matcher(set).matches() && ascends(set);
      wide.append(!sure ? "?" : set.length() == 1 ? set : "[" + set + "]");
      wide.append(Math.min(end, other) < 0 || end == other ? "" : "*");
      i = last;
    }
    return Oddities.folded(wide.toString());
  }

  /** Whether every range begins before it ends; one that does not fits what nobody expects. */
  private static boolean ascends(String set) {
    Matcher ranges = RANGE.matcher(set);
    boolean ascends = true;
    while (ranges.find()) {
      ascends &= ranges.group(1).charAt(0) <= ranges.group(2).charAt(0);
    }
    return ascends;
  }

  /** Where the class that begins at {@code from} ends; -1 if it does not. */
  static int end(String glob, int from) {
    return end(glob, from, true);
  }

  private static int end(String glob, int from, boolean quotes) {
    int i = from + 1;
    if (i < glob.length() && (glob.charAt(i) == '!' || glob.charAt(i) == '^')) {
      i++;
    }
    for (boolean first = true; i < glob.length(); first = false) {
      char c = glob.charAt(i);
      if (c == ']' && !first) {
        return i;
      }
      int named = c == '[' ? namedEnd(glob, i) : -1;
      i = named > 0 ? named : c == '\\' && quotes ? i + 2 : i + 1;
    }
    return -1;
  }

  /** After {@code [:alpha:]}, {@code [=a=]} or {@code [.a.]}; -1 if none begins here. */
  private static int namedEnd(String set, int at) {
    if (at + 1 >= set.length() || ":=.".indexOf(set.charAt(at + 1)) < 0) {
      return -1;
    }
    int end = set.indexOf(set.charAt(at + 1) + "]", at + 2);
    return end < 0 ? -1 : end + 2;
  }

  /**
   * Whether a character is surely in a class; no class of an unknown name holds any, and none with
   * a backslash.
   */
  static boolean hold(String set, char c) {
    if (set.indexOf('\\') >= 0) {
      return false;
    }
    boolean negated = !set.isEmpty() && (set.charAt(0) == '!' || set.charAt(0) == '^');
    boolean found = false;
    int i = negated ? 1 : 0;
    while (i < set.length()) {
      int named = set.charAt(i) == '[' ? namedEnd(set, i) : -1;
      if (named > 0) {
        Boolean holds = named(set.substring(i, named), c);
        if (holds == null) {
          return false;
        }
        found |= holds;
        i = named;
        continue;
      }
      if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
        found |= set.charAt(i) <= c && c <= set.charAt(i + 2);
        i += 3;
      } else {
        found |= set.charAt(i) == c;
        i++;
      }
    }
    return found != negated;
  }

  /** Null if nobody knows what the name means. */
  private static Boolean named(String name, char c) {
    boolean lower = c >= 'a' && c <= 'z';
    boolean upper = c >= 'A' && c <= 'Z';
    boolean digit = c >= '0' && c <= '9';
    return switch (name) {
      case "[:digit:]" -> digit;
      case "[:upper:]" -> upper;
      case "[:lower:]" -> lower;
      case "[:alpha:]" -> lower || upper;
      case "[:alnum:]" -> lower || upper || digit;
      case "[:punct:]" -> c > ' ' && c < 0x7f && !lower && !upper && !digit;
      case "[:space:]" -> c == ' ' || c >= '\t' && c <= '\r';
      case "[:blank:]" -> c == ' ' || c == '\t';
      case "[:xdigit:]" -> digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
      default -> null;
    };
  }
}
