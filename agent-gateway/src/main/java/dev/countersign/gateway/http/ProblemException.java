package dev.countersign.gateway.http;

import dev.countersign.protocol.Problem;
import java.util.Map;

/** Ends a request with a problem detail. The message never holds a credential. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers;
  private final transient Map<String, Object> members;

  public ProblemException(Problem problem) {
    this(problem, Map.of(), Map.of());
  }

  private ProblemException(
      Problem problem, Map<String, String> headers, Map<String, Object> members) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = Map.copyOf(headers);
    this.members = Map.copyOf(members);
  }

  /** The same with a response header. */
  public ProblemException header(String name, String value) {
    return new ProblemException(problem, Map.of(name, value), members);
  }

  /** The same with an extension member. */
  public ProblemException member(String name, Object value) {
    return new ProblemException(problem, headers, Map.of(name, value));
  }

  public Problem problem() {
    return problem;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /** Members beyond those of RFC 9457. */
  public Map<String, Object> members() {
    return members;
  }
}
