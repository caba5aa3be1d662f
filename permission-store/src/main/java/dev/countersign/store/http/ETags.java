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
    return new Expected.OneOf(versions("If-Match", ifMatch));
  }

  /** Whether {@code If-None-Match} names this version, compared weakly (RFC 9110, 13.1.2). */
  static boolean matches(String ifNoneMatch, long version) {
    return ifNoneMatch != null
        && (ifNoneMatch.trim().equals("*")
            || versions("If-None-Match", ifNoneMatch).contains(version));
  }

  /** The versions in a list of tags; foreign ones name none, weak ones none in If-Match. */
  private static Set<Long> versions(String name, String header) {
    boolean weakToo = name.equals("If-None-Match");
    Set<Long> versions = new HashSet<>();
    Matcher matcher = TAG.matcher(header);
    int end = 0;
    while (end < header.length() && matcher.find(end) && matcher.start() == end) {
      if ((weakToo || matcher.group(1) == null) && VERSION.matcher(matcher.group(2)).matches()) {
        versions.add(Long.parseLong(matcher.group(2)));
      }
      end = matcher.end();
    }
    if (end < header.length()) {
      throw Problems.exception(
          "invalid_request", name + " must be a list of quoted ETags, such as \"3\"");
    }
    return versions;
  }
}
