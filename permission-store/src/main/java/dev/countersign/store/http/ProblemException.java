package dev.countersign.store.http;

import dev.countersign.protocol.Problem;

/** Ends a request with a problem. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final String etag;

  ProblemException(Problem problem) {
    this(problem, null);
  }

  ProblemException(Problem problem, String etag) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.etag = etag;
  }

  Problem problem() {
    return problem;
  }

  /** The present version's entity tag, where the problem is another version; null otherwise. */
  String etag() {
    return etag;
  }
}
