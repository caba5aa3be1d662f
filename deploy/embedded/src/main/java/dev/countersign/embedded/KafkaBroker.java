package dev.countersign.embedded;

import com.fasterxml.jackson.databind.util.ClassUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker (KRaft, one node) inside this JVM. Started means: it serves clients. What it
 * acknowledged is there again after a restart on the same folder.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final int BIND_TRIES = 5;

  private final BrokerSettings settings;
  private final KafkaRaftServer server;
  private final boolean temporary;

  private KafkaBroker(BrokerSettings settings, KafkaRaftServer server, boolean temporary) {
    this.settings = settings;
    this.server = server;
    this.temporary = temporary;
  }

  /**
   * Starts on free ports with a folder of its own, which {@link #close} removes. It takes ACLs, for
   * tests of topics that refuse a service.
   */
  public static KafkaBroker startTemporary() {
    return startOnFreePorts(Folders.temporary("kafka"), 0, true, true);
  }

  /**
   * Starts on free ports with a folder of its own and a second listener that sends its clients to
   * {@code proxyPort}; point the proxy at {@link #proxiedPort()}.
   */
  public static KafkaBroker startTemporaryBehindProxy(int proxyPort) {
    return startOnFreePorts(Folders.temporary("kafka"), proxyPort, true, false);
  }

  /** Starts on free ports with the data of a folder, which stays. */
  public static KafkaBroker startOnFreePorts(Path dir) {
    return startOnFreePorts(dir, 0, false, false);
  }

  /** Starts exactly as told. The folder stays. */
  public static KafkaBroker start(BrokerSettings settings) {
    return start(settings, false);
  }

  private static KafkaBroker startOnFreePorts(
      Path dir, int proxyPort, boolean temporary, boolean acls) {
    for (int i = 1; ; i++) {
      BrokerSettings.Proxied proxied =
          proxyPort == 0 ? null : new BrokerSettings.Proxied(FreePorts.next(), proxyPort);
      try {
        return start(
            new BrokerSettings(dir, FreePorts.next(), FreePorts.next(), proxied, acls, null),
            temporary);
      } catch (RuntimeException e) {
        if (i == BIND_TRIES || !(ClassUtil.getRootCause(e) instanceof BindException)) {
          throw e;
        }
      }
    }
  }

  private static KafkaBroker start(BrokerSettings settings, boolean temporary) {
    format(settings);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(settings.properties()), Time.SYSTEM);
    try {
      server.startup();
    } catch (Throwable e) {
      server.shutdown();
      throw new IllegalStateException(
          "Kafka did not start: " + ClassUtil.getRootCause(e).getMessage(), e);
    }
    return new KafkaBroker(settings, server, temporary);
  }

  /** Whether a broker was started on this folder before. */
  public static boolean isFormatted(Path dir) {
    return Files.exists(dir.resolve("meta.properties"));
  }

  /** Whether the folder holds records, or what else a broker keeps in folders of its own. */
  public static boolean holdsRecords(Path dir) {
    if (!Files.isDirectory(dir)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.anyMatch(Files::isDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + dir, e);
    }
  }

  private static void format(BrokerSettings settings) {
    try {
      Folders.createPrivate(settings.dir());
      if (isFormatted(settings.dir())) {
        return;
      }
      if (holdsRecords(settings.dir())) {
        throw new IllegalStateException(
            settings.dir() + " holds records of a broker, but not its meta.properties");
      }
      Formatter formatter = new Formatter();
      if (settings.security() != null) {
        formatter.setScramArguments(List.of(settings.security().firstLogin()));
      }
      formatter
          .setNodeId(1)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(settings.dir().toAbsolutePath().toString())
          .setMetadataLogDirectory(settings.dir().toAbsolutePath().toString())
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setPrintStream(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()))
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the broker's folder " + settings.dir(), e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot prepare the broker's folder " + settings.dir(), e);
    }
  }

  /** The address for clients. */
  public String bootstrapServers() {
    return settings.bootstrapServers();
  }

  /** Where a proxy must lead to. */
  public int proxiedPort() {
    if (settings.proxied() == null) {
      throw new IllegalStateException("this broker has no second listener");
    }
    return settings.proxied().port();
  }

  /** Waits until the broker has stopped. */
  public void awaitShutdown() {
    server.awaitShutdown();
  }

  /** Stops it, and waits until it has. */
  @Override
  public void close() {
    CompletableFuture.runAsync(server::shutdown, task -> new Thread(task, "broker-stop").start())
        .join();
    server.awaitShutdown();
    if (temporary) {
      Folders.delete(settings.dir());
    }
  }
}
