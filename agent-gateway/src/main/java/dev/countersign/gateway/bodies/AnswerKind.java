package dev.countersign.gateway.bodies;

import java.util.Set;
import java.util.regex.Pattern;

/** What an answer tells, and so what becomes of one for which there is no room. */
enum AnswerKind {
  /** It tells what is there, or would be. Without room it is refused, and asked for again. */
  READ,

  /**
   * It tells how a request stands, which is stored. A small one is given in any case; without room
   * a large one is refused, and the same id gives it again.
   */
  DECISION,

  /**
   * It tells that something was carried out, or why not. A small one is given in any case; without
   * room a large one is replaced by the word that it was carried out.
   */
  CHANGE;

  private static final Set<String> READS = Set.of("GET", "HEAD");

  /** Where a request can say that it only tries. */
  private static final Pattern TRYING =
      Pattern.compile("/v1/imports|/v1/users/[^/]+/permissions/import");

  /** What is posted there changes nothing. */
  private static final Set<String> ASKING = Set.of(BodyLimits.EVALUATE_PATH, "/v1/settings/import");

  private static final Pattern DECISIONS =
      Pattern.compile("/v1/hooks/[^/]+|/v1/requests/[^/]+|/v1/sessions/[^/]+/requests");

  /**
   * Tells from a request of which kind its answer is.
   *
   * @param path as it came; slashes at its end do not count
   * @param dryRun whether the request says so; it counts only where one can be tried
   */
  static AnswerKind of(String method, String path, boolean dryRun) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    String plain = path.substring(0, end);
    if (READS.contains(method)
        || ASKING.contains(plain)
        || dryRun && TRYING.matcher(plain).matches()) {
      return READ;
    }
    return DECISIONS.matcher(plain).matches() ? DECISION : CHANGE;
  }
}
