package dev.countersign.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process that this one started. It ignores Ctrl-C, which reaches every process of a terminal:
 * the launcher decides who ends when.
 */
public final class Child {
  private static final String IGNORE_THE_TERMINAL = "trap '' INT HUP; exec \"$@\"";

  /** With this a service says what is wrong around it. */
  private static final String REFUSES = " does not start: ";

  private final String name;
  private final Process process;
  private final Path log;
  private final long logged;
  private volatile boolean wanted = true;

  /**
   * @param logged how long the log was before it began to write
   */
  private Child(String name, Process process, Path log, long logged) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.logged = logged;
  }

  static Child start(String name, List<String> command, Map<String, String> environment, Path log) {
    List<String> whole = new ArrayList<>(List.of("sh", "-c", IGNORE_THE_TERMINAL, "sh"));
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .directory(log.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // What the person's shell holds for clients of Countersign is not configuration of a service.
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.matches("(COUNTERSIGN|QUARKUS|KAFKA|MP)_.*"));
    builder.environment().putAll(environment);
    try {
      long logged = Files.exists(log) ? Files.size(log) : 0;
      return new Child(name, builder.start(), log, logged);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it prints. */
  public Path log() {
    return log;
  }

  /** Completes when it has ended without being told to. */
  CompletableFuture<Child> died() {
    CompletableFuture<Child> died = new CompletableFuture<>();
    process.onExit().thenRun(() -> completeIfUnwanted(died));
    return died;
  }

  private void completeIfUnwanted(CompletableFuture<Child> died) {
    if (wanted) {
      died.complete(this);
    }
  }

  /** Asks it to end, and kills it if it has not after a while. */
  public void stop(Duration patience) {
    wanted = false;
    process.destroy();
    if (!waitFor(patience)) {
      kill();
    }
  }

  /** {@code kill -9}. */
  public void kill() {
    wanted = false;
    process.destroyForcibly();
    waitFor(Duration.ofSeconds(30));
  }

  /** Kills it as if it had ended by itself, so that {@link #died} completes. */
  void fail() {
    process.destroyForcibly();
  }

  /** How it ended and where its log is, in one line. */
  String obituary() {
    return "%s ended with status %d%s; its log is %s"
        .formatted(name, process.exitValue(), lastWords(), log);
  }

  private String lastWords() {
    try (var in = Files.newInputStream(log);
        var text = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1))) {
      in.skipNBytes(logged);
      return text.lines().flatMap(line -> reason(line).stream()).findFirst().orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<String> reason(String line) {
    if (line.contains("No space left on device")) {
      return Optional.of(" (no space left on the disk)");
    }
    int at = line.indexOf(REFUSES);
    return at < 0 ? Optional.empty() : Optional.of(": " + line.substring(at + REFUSES.length()));
  }

  private boolean waitFor(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
