package dev.countersign.approval;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
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

  private static final String GROUP = "approval-service.requests";

  private final Process process;
  private final int port;

  private ApprovalProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static ApprovalProcess start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    SHARED.forEach(
        name ->
            command.add(
                "-D" + name + "=" + ConfigProvider.getConfig().getValue(name, String.class)));
    int port = freePort();
    command.add("-Dquarkus.http.port=" + port);
    command.add("-Dquarkus.management.port=0");
    command.add("-jar");
    command.add(Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath().toString());
    try {
      Path log = Files.createTempFile("approval-replica", ".log");
      log.toFile().deleteOnExit();
      return new ApprovalProcess(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start(),
          port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it says how it is. */
  URI health() {
    return URI.create("http://127.0.0.1:" + port + "/q/health");
  }

  /** Waits until this many replicas share the requests. */
  void awaitMembers(int members) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", System.getProperty(BackendsResource.KAFKA));
    try (Admin admin = Admin.create(config)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                assertTrue(alive(), "the replica ended");
                return busy(admin) == members;
              });
    }
  }

  private static long busy(Admin admin) throws ExecutionException, InterruptedException {
    return admin
        .describeConsumerGroups(List.of(GROUP))
        .describedGroups()
        .get(GROUP)
        .get()
        .members()
        .stream()
        .filter(member -> !member.assignment().topicPartitions().isEmpty())
        .count();
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
