package dev.countersign.approval.sessions;

/** A session command that is refused, with the code and the field that its reply names. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String field;

  RefusedException(String code, String field, String detail) {
    super(field == null ? detail : field + " " + detail);
    this.code = code;
    this.field = field;
  }

  String code() {
    return code;
  }

  String field() {
    return field;
  }
}
