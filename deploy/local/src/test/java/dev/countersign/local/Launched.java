package dev.countersign.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The launcher as a process of its own, as {@code deploy/up} runs it. */
final class Launched implements AutoCloseable {
  static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();
  private static final Duration READY = Duration.ofSeconds(180);

  private final Process process;
  private final Path output;
  private final Path state;

  private Launched(Process process, Path output, Path state) {
    this.process = process;
    this.output = output;
    this.state = state;
  }

  static Launched start(Path state, Ports ports, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--state", state.toString()));
    arguments.addAll(List.of(more));
    return start(state.getParent(), state, ports, arguments, Map.of());
  }

  /** From a shell that has more variables set. */
  static Launched startIn(Map<String, String> shell, Path state, Ports ports) throws IOException {
    List<String> arguments = List.of("--state", state.toString());
    return start(state.getParent(), state, ports, arguments, shell);
  }

  /** Without naming a state folder: it is the usual one of this home. */
  static Launched startAtHome(Path home, Ports ports) throws IOException {
    return start(home, home.resolve(".countersign"), ports, List.of(), Map.of());
  }

  private static Launched start(
      Path home, Path state, Ports ports, List<String> arguments, Map<String, String> shell)
      throws IOException {
    Path output = Files.createTempFile(Files.createDirectories(home), "up", ".out");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-Dcountersign.checkout=" + CHECKOUT,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                Up.class.getName(),
                "--port",
                String.valueOf(ports.gateway())));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(shell);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return new Launched(builder.start(), output, state);
  }

  Launched awaitReady() {
    Awaitility.await()
        .atMost(READY)
        .until(() -> !process.isAlive() || output().contains("Countersign is ready"));
    if (!process.isAlive()) {
      throw new AssertionError("the launcher ended:\n" + output());
    }
    return this;
  }

  /** Waits until it has ended, and returns its status. */
  int status() throws InterruptedException {
    if (!process.waitFor(READY.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the launcher does not end:\n" + output());
    }
    return process.exitValue();
  }

  int terminate() throws InterruptedException {
    process.destroy();
    return status();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The processes of its stack that are alive: each says its state folder. */
  List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.pid() != process.pid() && p.isAlive())
        .filter(
            p ->
                p.info().arguments().stream()
                    .flatMap(Arrays::stream)
                    .anyMatch(argument -> argument.contains(state.toString())))
        .toList();
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      terminate();
    }
  }
}
