package dev.countersign.approval.http;

import dev.countersign.protocol.Problem;

/** A request over HTTP that ends as a problem. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(int status, String code, String title, String detail) {
    super(detail);
    this.problem = Problem.of(status, code, title, detail);
  }

  static ProblemException notFound(String code, String detail) {
    return new ProblemException(404, code, "There is no such thing", detail);
  }

  Problem problem() {
    return problem;
  }
}
