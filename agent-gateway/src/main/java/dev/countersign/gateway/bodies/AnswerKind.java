package dev.countersign.gateway.bodies;

import java.util.Set;
import java.util.regex.Pattern;

/** What an answer tells, and so what becomes of one for which there is no room. */
enum AnswerKind {
  /** Of what is there, or would be: refused, and asked for again. */
  READ,

  /** How a request stands, which is stored: a large one is refused, the same id gives it again. */
  DECISION,

  /**
   * That something was carried out, or why not: never refused. Of a large one this alone is said.
   */
  CHANGE;

  private static final Set<String> READS = Set.of("GET", "HEAD");

  /** What is posted there changes nothing. */
  private static final Set<String> ASKING = Set.of(BodyLimits.EVALUATE_PATH, "/v1/settings/import");

  private static final Pattern DECISIONS =
      Pattern.compile("/v1/hooks/[^/]+|/v1/requests/[^/]+|/v1/sessions/[^/]+/requests");

  /**
   * Of the answer to a request.
   *
   * @param path as it came; slashes at its end do not count
   * @param dryRun whether the request says so
   */
  static AnswerKind of(String method, String path, boolean dryRun) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    String plain = path.substring(0, end);
    if (READS.contains(method) || dryRun || ASKING.contains(plain)) {
      return READ;
    }
    return DECISIONS.matcher(plain).matches() ? DECISION : CHANGE;
  }
}
