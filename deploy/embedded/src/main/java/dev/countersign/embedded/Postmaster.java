package dev.countersign.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The process that runs on a data folder, found by the pid file that it keeps there. */
record Postmaster(Path data) {
  private static final Duration MAY_TAKE = Duration.ofSeconds(20);
  private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");

  /** Empty if none is alive, whatever the file says. */
  Optional<ProcessHandle> process() {
    try {
      List<String> lines = Files.exists(file()) ? Files.readAllLines(file()) : List.of();
      return lines.stream()
          .limit(1)
          .map(String::strip)
          .filter(line -> NUMBER.matcher(line).matches())
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
          .filter(ProcessHandle::isAlive)
          .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file(), e);
    }
  }

  /**
   * Returns once a server that a crashed launcher left, which is still stopping, has ended; a stale
   * file is removed.
   *
   * @throws IllegalStateException if it does not end in time
   */
  void awaitEnd() {
    long deadline = System.nanoTime() + MAY_TAKE.toNanos();
    for (Optional<ProcessHandle> last = process(); last.isPresent(); last = process()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "another Postgres (process %d) runs on %s".formatted(last.get().pid(), data));
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for Postgres", e);
      }
    }
    if (Files.exists(file())) {
      Folders.delete(file());
    }
  }

  private Path file() {
    return data.resolve("postmaster.pid");
  }
}
