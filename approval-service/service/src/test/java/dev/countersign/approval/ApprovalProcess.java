package dev.countersign.approval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** One more replica of the packaged service, beside the one under test and set up like it. */
final class ApprovalProcess implements AutoCloseable {
  private static final List<String> SHARED =
      List.of(
          "kafka.bootstrap.servers",
          "quarkus.datasource.username",
          "quarkus.datasource.password",
          "quarkus.datasource.jdbc.url",
          "quarkus.datasource.reactive.url",
          "countersign.managed-rules-file",
          "countersign.trust-file",
          "countersign.signing-key-file");

  private final Process process;

  private ApprovalProcess(Process process) {
    this.process = process;
  }

  static ApprovalProcess start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    SHARED.forEach(
        name ->
            command.add(
                "-D" + name + "=" + ConfigProvider.getConfig().getValue(name, String.class)));
    command.add("-Dquarkus.http.port=0");
    command.add("-jar");
    command.add(Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath().toString());
    try {
      Path log = Files.createTempFile("approval-replica", ".log");
      log.toFile().deleteOnExit();
      return new ApprovalProcess(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
