package dev.countersign.local;

import dev.countersign.embedded.BrokerProcess;
import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.BrokerSettings;
import dev.countersign.embedded.PostgresServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kafka and Postgres of one stack, each a process of its own. */
final class Backing {
  private static final Duration START = Duration.ofSeconds(120);

  private final Programs programs;
  private final StateFolder state;
  private final Ports ports;
  private final BrokerAccess access;

  Backing(Programs programs, StateFolder state, Ports ports, BrokerAccess access) {
    this.programs = programs;
    this.state = state;
    this.ports = ports;
    this.access = access;
  }

  /**
   * Starts the broker; it is not ready yet.
   *
   * @param proxied a second listener; null for none
   */
  Child startKafka(BrokerSettings.Proxied proxied) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                access.dataFolder().toString(),
                String.valueOf(ports.kafka()),
                String.valueOf(ports.kafkaController())));
    access.securityFolder().ifPresent(folder -> arguments.add(folder.toString()));
    if (proxied != null) {
      arguments.add(String.valueOf(proxied.port()));
      arguments.add(String.valueOf(proxied.advertisedPort()));
    }
    return Child.start(
        "Kafka",
        Jvm.main(
            programs.guard(),
            state.dir(),
            BrokerSecurity.HEAP_MEGABYTES,
            BrokerProcess.class,
            arguments),
        Map.of("CLASSPATH", programs.classPath()),
        state.log("kafka"));
  }

  /** Waits until every topic is there, and everybody who may use them. */
  void awaitKafka(Child kafka) {
    Waiting.until(
        START,
        () -> accepts(ports.kafka()),
        () -> {
          if (!kafka.isAlive()) {
            throw new LaunchException(kafka.obituary());
          }
        },
        () ->
            new LaunchException(
                "Kafka is not ready after %d s; its log is %s"
                    .formatted(START.toSeconds(), kafka.log())));
    try {
      access.setUp();
    } catch (RuntimeException e) {
      throw new LaunchException(
          "Kafka cannot be set up: %s; its log is %s".formatted(reasons(e), kafka.log()), e);
    }
  }

  private static String reasons(Throwable e) {
    return e.getCause() == null ? e.getMessage() : e.getMessage() + ": " + reasons(e.getCause());
  }

  /** Starts Postgres and waits until its databases are there. */
  PostgresServer startPostgres() {
    Path dir = state.postgres();
    try {
      return PostgresServer.start(dir, ports.postgres());
    } catch (RuntimeException e) {
      throw new LaunchException(
          "%s; its log is %s".formatted(e.getMessage(), dir.resolve("postgres.log")), e);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
