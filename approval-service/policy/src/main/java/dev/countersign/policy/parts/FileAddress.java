package dev.countersign.policy.parts;

/** Addresses that are files: {@code file:///etc/passwd}. */
final class FileAddress {
  private FileAddress() {}

  /** The path of a {@code file:} address; null if it is none. */
  static String path(String word) {
    int at = word.indexOf('=') + 1;
    if (!word.regionMatches(true, at, "file:/", 0, 6)) {
      return null;
    }
    String rest = word.substring(at + 5);
    int path = rest.startsWith("//") ? rest.indexOf('/', 2) : 0;
    if (path < 0) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int i = path; i < rest.length(); i++) {
      boolean coded =
          rest.charAt(i) == '%'
              && i + 2 < rest.length()
              && Character.digit(rest.charAt(i + 1), 16) >= 0
              && Character.digit(rest.charAt(i + 2), 16) >= 0;
      text.append(
          coded ? (char) Integer.parseInt(rest.substring(i + 1, i + 3), 16) : rest.charAt(i));
      i += coded ? 2 : 0;
    }
    return text.toString();
  }
}
