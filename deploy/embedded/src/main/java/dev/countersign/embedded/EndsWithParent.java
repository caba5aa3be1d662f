package dev.countersign.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends a process when this JVM ends, also by {@code kill -9}: a small shell holds the other end of
 * a pipe, and the system closes our end whatever happens to us.
 */
final class EndsWithParent implements AutoCloseable {
  private static final String SCRIPT =
      "trap '' INT HUP TERM; read -r word || kill -s \"$1\" \"$2\" 2>/dev/null";

  private final Process shell;
  private boolean closed;

  private EndsWithParent(Process shell) {
    this.shell = shell;
  }

  static EndsWithParent watch(long pid, String signal) {
    try {
      return new EndsWithParent(
          new ProcessBuilder("sh", "-c", SCRIPT, "sh", signal, String.valueOf(pid))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a shell", e);
    }
  }

  /**
   * The process has ended by itself: nothing is to be ended any more, not even another process that
   * gets its number. May be called by any thread, and again.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (OutputStream pipe = shell.getOutputStream()) {
      pipe.write("done\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      shell.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
