package dev.countersign.approval.grants;

/** A grant that cannot be given or found, with the code its sender hears. */
public final class RefusedGrantException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  RefusedGrantException(String code, String detail) {
    super(detail);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
