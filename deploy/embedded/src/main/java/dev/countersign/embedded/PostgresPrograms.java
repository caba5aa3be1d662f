package dev.countersign.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code initdb} and {@code pg_ctl}. Postgres refuses to run as root; there it runs in a user
 * namespace of its own ({@code unshare -U}), where the same files belong to it and it is not root.
 */
final class PostgresPrograms {
  private static final int TIMEOUT_SECONDS = 120;

  /** What a program printed, and how it ended. */
  record Result(int status, String output) {}

  private final Path home;
  private final List<String> prefix;

  PostgresPrograms(Path home) {
    this.home = home;
    this.prefix = prefix();
  }

  /** Runs one of the programs to its end; its output goes through a file next to {@code log}. */
  Result run(Path folder, String program, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(home.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    try {
      // A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
      Path output = Files.createTempFile(folder, program, ".out");
      try {
        return new Result(await(command, output), Files.readString(output));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + program, e);
    }
  }

  private static int await(List<String> command, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " did not end within " + TIMEOUT_SECONDS + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }

  private static List<String> prefix() {
    if (!output("id", "-u").equals("0")) {
      return List.of();
    }
    if (output("unshare", "-U", "id", "-u").matches("[1-9][0-9]*")) {
      return List.of("unshare", "-U");
    }
    throw new IllegalStateException(
        "Postgres does not run as root, and this system allows no user namespaces (unshare -U):"
            + " run as another user");
  }

  private static String output(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes()).trim();
      process.waitFor();
      return output;
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
