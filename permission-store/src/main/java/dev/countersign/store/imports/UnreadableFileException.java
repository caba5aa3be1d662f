package dev.countersign.store.imports;

import dev.countersign.document.Fault;

/** A file that cannot be imported at all; nothing of it is. */
public final class UnreadableFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final transient Fault fault;

  UnreadableFileException(String code, Fault fault) {
    super(fault.sentence());
    this.code = code;
    this.fault = fault;
  }

  /** A file that is not what its format says. */
  static UnreadableFileException malformed(int line, int column, String detail) {
    return new UnreadableFileException(
        "malformed_file", new Fault(Math.max(0, line), Math.max(0, column), "the file", detail));
  }

  static UnreadableFileException tooLarge(String detail) {
    return new UnreadableFileException("too_large", new Fault(0, 0, "the file", detail));
  }

  /** {@code malformed_file}, {@code too_large} or {@code unknown_format}. */
  public String code() {
    return code;
  }

  public Fault fault() {
    return fault;
  }
}
