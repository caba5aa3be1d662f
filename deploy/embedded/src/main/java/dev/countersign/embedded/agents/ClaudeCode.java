package dev.countersign.embedded.agents;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs the real Claude Code program, once, without a terminal, in a home and a folder of its own,
 * against a scripted model.
 */
public final class ClaudeCode {
  private static final long LIMIT_SECONDS = 300;

  private final Path program;
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * What came of a run.
   *
   * @param output what it printed
   */
  public record Result(int exit, String output, String errors) {}

  /** Prepares a run whose home and working folder lie in {@code folder}. */
  public ClaudeCode(Path program, Path folder, ScriptedModel model) {
    this.program = program;
    this.folder = folder;
    try {
      Files.createDirectories(home());
      Files.createDirectories(work());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", home().toString());
    environment.put("ANTHROPIC_BASE_URL", model.url());
    environment.put("ANTHROPIC_API_KEY", "scripted");
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("DISABLE_AUTOUPDATER", "1");
    environment.put("IS_SANDBOX", "1");
  }

  /**
   * The program, from the system property {@code countersign.claude} or the environment variable
   * {@code COUNTERSIGN_CLAUDE}; empty if neither names one that can be run.
   */
  public static Optional<Path> find() {
    String named =
        Optional.ofNullable(System.getProperty("countersign.claude"))
            .filter(name -> !name.isBlank())
            .orElseGet(() -> System.getenv("COUNTERSIGN_CLAUDE"));
    return Optional.ofNullable(named).map(Path::of).filter(Files::isExecutable);
  }

  /** Its home directory. */
  public Path home() {
    return folder.resolve("home");
  }

  /** The folder it works in. */
  public Path work() {
    return folder.resolve("work");
  }

  /** Sets a variable of its environment, and so of its hooks'. */
  public ClaudeCode with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Settings that run a hook command for every event that Countersign's hook knows. */
  public static String settings(String hookCommand, int timeoutSeconds) {
    return settings(
        hookCommand,
        timeoutSeconds,
        "PreToolUse",
        "SessionStart",
        "UserPromptSubmit",
        "PostToolUse",
        "PostToolUseFailure",
        "Stop",
        "SessionEnd");
  }

  /** Settings that run a hook command for these events. */
  public static String settings(String hookCommand, int timeoutSeconds, String... events) {
    String hooks =
        "[{\"matcher\":\"*\",\"hooks\":[{\"type\":\"command\",\"command\":%s,\"timeout\":%s}]}]"
            .formatted(MessagesApi.quote(hookCommand), timeoutSeconds);
    return Arrays.stream(events)
        .map(event -> MessagesApi.quote(event) + ":" + hooks)
        .collect(Collectors.joining(",", "{\"hooks\":{", "}}"));
  }

  /**
   * Runs one prompt to its end.
   *
   * @param more arguments, such as {@code --continue}
   */
  public Result run(String prompt, String permissionMode, String settings, String... more) {
    List<String> arguments = new ArrayList<>(List.of("-p", prompt));
    arguments.addAll(List.of(more));
    return launch(arguments, permissionMode, settings, null);
  }

  /**
   * Runs one prompt to its end, as a program does that talks with Claude Code and could be asked:
   * only then its model may present a plan.
   */
  public Result converse(String prompt, String permissionMode, String settings) {
    List<String> arguments =
        List.of(
            "-p",
            "--input-format=stream-json",
            "--output-format=stream-json",
            "--verbose",
            "--permission-prompt-tool=stdio");
    String said =
        "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":%s}}\n"
            .formatted(MessagesApi.quote(prompt));
    return launch(arguments, permissionMode, settings, said);
  }

  private Result launch(List<String> more, String permissionMode, String settings, String said) {
    try {
      Path file = Files.writeString(folder.resolve("settings.json"), settings);
      Path output = folder.resolve("output.txt");
      Path errors = folder.resolve("errors.txt");
      List<String> command = new ArrayList<>(List.of(program.toString()));
      command.addAll(more);
      command.addAll(List.of("--settings", file.toString(), "--permission-mode", permissionMode));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(work().toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      if (said == null) {
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      }
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (said != null) {
        talk(process, said, output);
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IllegalStateException("Claude Code did not end: " + Files.readString(errors));
      }
      return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Says something, and goes on listening until the result is there. */
  private static void talk(Process process, String said, Path output)
      throws IOException, InterruptedException {
    try (OutputStream in = process.getOutputStream()) {
      in.write(said.getBytes(StandardCharsets.UTF_8));
      in.flush();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      boolean over = false;
      while (!over && System.nanoTime() < end) {
        over =
            process.waitFor(100, TimeUnit.MILLISECONDS)
                || Files.readString(output).contains("\"type\":\"result\"");
      }
    }
  }
}
