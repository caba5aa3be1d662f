package dev.countersign.approval.db;

/** A stored row that this version of the service cannot read. */
public final class UnreadableRowException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final long seq;

  public UnreadableRowException(long seq, RuntimeException cause) {
    super("the row %d cannot be read: %s".formatted(seq, cause.getMessage()), cause);
    this.seq = seq;
  }

  /** The order of storing, which names the row. */
  public long seq() {
    return seq;
  }
}
