package dev.countersign.local;

import dev.countersign.embedded.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The children of a stack, on file. A launcher that was killed leaves children that are still
 * stopping; the next one waits for them, and kills those that hang.
 */
final class Leftovers {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Pattern LINE = Pattern.compile("\\d{1,10} \\d{1,18}");

  private final Path file;

  Leftovers(Path file) {
    this.file = file;
  }

  void remember(Child child) {
    ProcessHandle.of(child.pid())
        .flatMap(process -> process.info().startInstant())
        .ifPresent(start -> append(child.pid() + " " + start.toEpochMilli() + "\n"));
  }

  /** Returns once no child of an earlier launcher is alive. */
  void awaitEnd() {
    List<ProcessHandle> alive = lines().stream().flatMap(line -> process(line).stream()).toList();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (ProcessHandle process : alive) {
      Waiting.until(
          PATIENCE.multipliedBy(2),
          () -> !process.isAlive(),
          () -> {
            if (System.nanoTime() > deadline) {
              process.destroyForcibly();
            }
          },
          () ->
              new LaunchException("process " + process.pid() + " of an earlier run does not end"));
    }
    forget();
  }

  /** All of them have ended. */
  void forget() {
    Folders.delete(file);
  }

  private static Optional<ProcessHandle> process(String line) {
    // A launcher that was killed may have written half of the last one.
    if (!LINE.matcher(line).matches()) {
      return Optional.empty();
    }
    String[] words = line.split(" ");
    Instant start = Instant.ofEpochMilli(Long.parseLong(words[1]));
    return ProcessHandle.of(Long.parseLong(words[0]))
        .filter(ProcessHandle::isAlive)
        .filter(
            p ->
                p.info()
                    .startInstant()
                    .map(s -> s.toEpochMilli() == start.toEpochMilli())
                    .orElse(false));
  }

  private List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(String line) {
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
