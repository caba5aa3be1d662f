package dev.countersign.approval.kafka;

/** The service stops before a piece of work was done; it is delivered again elsewhere. */
public final class StoppingException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  StoppingException(String what) {
    super(what + " was left undone: the service stops");
  }
}
