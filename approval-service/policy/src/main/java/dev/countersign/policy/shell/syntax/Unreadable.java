package dev.countersign.policy.shell.syntax;

/** The text is no shell script this reader understands. Holds no stack trace: it is an outcome. */
public final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  public Unreadable(String reason) {
    super(reason, null, false, false);
  }
}
