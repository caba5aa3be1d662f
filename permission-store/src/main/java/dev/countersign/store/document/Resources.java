package dev.countersign.store.document;

/** Which resources of one tool lie within which pattern. */
final class Resources {
  private Resources() {}

  /**
   * Whether everything that {@code resource} names is also forbidden by a {@code never} for {@code
   * pattern}, and they are not the same. {@code *} stands for any text; a command without a star
   * also forbids itself with further arguments, and a folder what is in it. A pattern that is only
   * partly within another is not narrower.
   *
   * @param pattern null for the whole tool, within which every resource lies
   */
  static boolean isNarrower(String resource, String pattern) {
    if (pattern == null) {
      return true;
    }
    return !resource.equals(pattern)
        && (matches(pattern, resource)
            || resource.startsWith(pattern + " ")
            || resource.startsWith(pattern.endsWith("/") ? pattern : pattern + "/"));
  }

  /** Glob matching without backtracking beyond the last star: linear for patterns people write. */
  private static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int retry = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
