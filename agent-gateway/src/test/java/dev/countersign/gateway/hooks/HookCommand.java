package dev.countersign.gateway.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the hook command with a real shell in an environment of its own. */
final class HookCommand {
  /** What a run of the hook command gave. */
  record Run(int exit, String output, String errors) {}

  private final Path folder;
  private final String event;
  private final Map<String, String> environment = new HashMap<>();

  HookCommand(Path folder, String event) {
    this.folder = folder;
    this.event = event;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Starts it; nothing is written to it yet. */
  Process start(String shell) throws IOException {
    Path script = Path.of("src/main/resources/hooks/claude-code.sh");
    ProcessBuilder builder =
        new ProcessBuilder(shell, script.toString())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs it to its end. */
  Run run(String shell) throws Exception {
    Process process = start(shell);
    try (OutputStream in = process.getOutputStream()) {
      in.write(event.getBytes(StandardCharsets.UTF_8));
    } catch (IOException closed) {
      // it refused before it read
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the hook command hangs");
    return result(process);
  }

  /** What a run that ended gave; it must have left nothing behind. */
  Run result(Process process) throws IOException {
    Run run =
        new Run(
            process.exitValue(),
            Files.readString(folder.resolve("out")),
            Files.readString(folder.resolve("err")));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("err", "out"), left.map(p -> p.getFileName().toString()).sorted().toList());
    }
    return run;
  }
}
