package dev.countersign.approval.http;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version as an entity tag. */
final class ETags {
  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(,|$)");
  private static final Pattern VERSION = Pattern.compile("\\d{1,18}");

  private ETags() {}

  static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * The versions that {@code If-Match} names; weak and foreign tags name none. Null where there is
   * no such header, or it is {@code *}: a whole document is not replaced unseen.
   */
  static Set<Long> versions(String ifMatch) {
    if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
      return null;
    }
    Set<Long> versions = new HashSet<>();
    Matcher matcher = TAG.matcher(ifMatch);
    int end = 0;
    while (end < ifMatch.length() && matcher.find(end) && matcher.start() == end) {
      if (matcher.group(1) == null && VERSION.matcher(matcher.group(2)).matches()) {
        versions.add(Long.parseLong(matcher.group(2)));
      }
      end = matcher.end();
    }
    if (end < ifMatch.length()) {
      throw new ProblemException(
          400,
          "invalid_request",
          "The request cannot be read",
          "If-Match must be a list of quoted ETags, such as \"3\"");
    }
    return versions;
  }
}
