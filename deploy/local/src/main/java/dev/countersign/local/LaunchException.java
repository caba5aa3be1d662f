package dev.countersign.local;

/** Something the person at the terminal can act on, said in one line. */
public final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LaunchException(String line) {
    super(line);
  }

  public LaunchException(String line, Throwable cause) {
    super(line, cause);
  }
}
