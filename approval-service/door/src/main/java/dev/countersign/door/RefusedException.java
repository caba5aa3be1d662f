package dev.countersign.door;

import dev.countersign.protocol.Problem;
import java.util.Map;

/** A request that is not let in. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  /**
   * A request that is not let in.
   *
   * @param headers of the response
   */
  public RefusedException(Problem problem, Map<String, String> headers) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = headers;
  }

  /** 401: the token does not prove who calls. */
  public static RefusedException unproven(String code, String detail) {
    return new RefusedException(
        Problem.of(401, code, "The request needs a valid token.", detail),
        Map.of("WWW-Authenticate", "Bearer"));
  }

  static RefusedException tooSlow(long seconds) {
    String detail = "It must arrive within %d seconds.".formatted(seconds);
    return new RefusedException(
        Problem.of(408, "too_slow", "The body did not arrive in time.", detail), Map.of());
  }

  static RefusedException tooLarge(long limit) {
    String detail = "The body is over the limit of %d bytes.".formatted(limit);
    return new RefusedException(
        Problem.of(413, "too_large", "The body is too large.", detail), Map.of());
  }

  static RefusedException tooMany(String detail) {
    return new RefusedException(
        Problem.of(429, "too_many_requests", "Too many requests are waiting.", detail), SOON);
  }

  static RefusedException overloaded(String detail) {
    return new RefusedException(
        Problem.of(503, "overloaded", "The service cannot do this now.", detail), SOON);
  }

  /** What the caller is told. */
  public Problem problem() {
    return problem;
  }

  /** Headers that go with it. */
  public Map<String, String> headers() {
    return headers;
  }
}
