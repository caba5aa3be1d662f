package dev.countersign.store.http;

import dev.countersign.store.users.Expected;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document's version as an entity tag. */
final class ETags {
  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(,|$)");
  private static final Pattern VERSION = Pattern.compile("\\d{1,18}");

  private ETags() {}

  static String of(long version) {
    return "\"" + version + "\"";
  }

  /** {@code If-Match} where a request may do without it. */
  static Expected optional(String ifMatch) {
    return ifMatch == null ? Expected.ANY : required(ifMatch);
  }

  /** {@code If-Match} where a request must name the version it has seen; {@code *} names none. */
  static Expected required(String ifMatch) {
    if (ifMatch == null || ifMatch.isBlank() || ifMatch.trim().equals("*")) {
      throw Problems.exception(
          "if_match_required",
          "send If-Match with the ETag of the version you have read, such as \"3\"");
    }
    return new Expected.OneOf(versions(ifMatch));
  }

  /** Whether {@code If-None-Match} names this version. */
  static boolean matches(String ifNoneMatch, long version) {
    return ifNoneMatch != null
        && (ifNoneMatch.trim().equals("*") || versions(ifNoneMatch).contains(version));
  }

  /** The versions in a list of tags; weak or foreign tags name none. */
  private static Set<Long> versions(String header) {
    Set<Long> versions = new HashSet<>();
    Matcher matcher = TAG.matcher(header);
    int end = 0;
    while (end < header.length() && matcher.find(end) && matcher.start() == end) {
      if (matcher.group(1) == null && VERSION.matcher(matcher.group(2)).matches()) {
        versions.add(Long.parseLong(matcher.group(2)));
      }
      end = matcher.end();
    }
    if (end < header.length()) {
      throw Problems.exception("invalid_request", "If-Match holds no list of quoted ETags");
    }
    return versions;
  }
}
