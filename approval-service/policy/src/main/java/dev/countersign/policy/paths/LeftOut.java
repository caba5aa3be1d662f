package dev.countersign.policy.paths;

import java.util.List;
import java.util.regex.Pattern;

/** Which globs that a search leaves alone keep it from all that a pattern is about. */
public final class LeftOut {
  /** What search programs or the shell do not read as a plain part of a glob. */
  private static final Pattern ODD = Pattern.compile("[\\s{}\\[\\]\\\\,!'\"$]");

  private final List<String> own;

  LeftOut(List<String> segments) {
    this.own = named(segments);
  }

  /**
   * Whether a search that leaves these globs alone opens nothing that is meant. A glob is a name at
   * any depth, or {@code **}{@code /} and the rest of a path. Programs compare it as it is written:
   * case counts, and what is no plain name or star covers nothing.
   */
  public boolean by(List<String> globs) {
    for (String glob : globs) {
      List<String> left = named(List.of(glob.split("/", -1)));
      boolean anyDepth = glob.indexOf('/') < 0 || glob.startsWith("**/");
      if (anyDepth && !own.isEmpty() && !left.isEmpty() && covers(left, own)) {
        return true;
      }
    }
    return false;
  }

  /** Without the stars it begins with: it is about any depth anyway. */
  private static List<String> named(List<String> segments) {
    int from = 0;
    while (from < segments.size() && segments.get(from).equals("**")) {
      from++;
    }
    return segments.subList(from, segments.size());
  }

  private static boolean covers(List<String> left, List<String> own) {
    if (left.size() != own.size()) {
      return false;
    }
    for (int i = 0; i < own.size(); i++) {
      boolean plain = left.get(i).indexOf('[') < 0 && left.get(i).indexOf('\\') < 0;
      boolean fits =
          left.get(i).equals(own.get(i))
              || PathPattern.literal(own.get(i)) && Globs.fits(left.get(i), own.get(i));
      if (!plain || !fits) {
        return false;
      }
    }
    return true;
  }

  /** A glob that leaves alone what is meant, at any depth; null if there is none. */
  public String exclusion() {
    String glob = (own.size() == 1 ? "" : "**/") + String.join("/", own);
    return own.isEmpty() || ODD.matcher(glob).find() ? null : glob;
  }
}
