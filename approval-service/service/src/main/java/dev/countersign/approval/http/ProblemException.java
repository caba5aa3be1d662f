package dev.countersign.approval.http;

import dev.countersign.protocol.Problem;
import java.util.List;

/** A request over HTTP that ends as a problem. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(int status, String code, String title, String detail) {
    this(Problem.of(status, code, title, detail));
  }

  private ProblemException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  /** 400: one field is wrong. */
  static ProblemException invalid(String field, String detail) {
    Problem plain = Problem.of(400, "invalid_request", "The request cannot be read", detail);
    return new ProblemException(
        new Problem(
            plain.type(),
            plain.title(),
            plain.status(),
            detail,
            plain.code(),
            List.of(new Problem.FieldError(field, detail))));
  }

  static ProblemException notFound(String code, String detail) {
    return new ProblemException(404, code, "There is no such thing", detail);
  }

  Problem problem() {
    return problem;
  }
}
