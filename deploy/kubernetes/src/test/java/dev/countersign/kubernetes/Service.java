package dev.countersign.kubernetes;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.protocol.kafka.KafkaUser;
import dev.countersign.store.StoreConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The services as the code has them. */
enum Service {
  AGENT_GATEWAY(KafkaUser.AGENT_GATEWAY, GatewayConfig.class, "agent-gateway"),
  APPROVAL_SERVICE(KafkaUser.APPROVAL_SERVICE, ApprovalConfig.class, "approval-service/service"),
  PERMISSION_STORE(KafkaUser.PERMISSION_STORE, StoreConfig.class, "permission-store");

  private final KafkaUser user;
  private final Class<?> settings;
  private final String module;
  private final Map<String, String> defaults;

  Service(KafkaUser user, Class<?> settings, String module) {
    this.user = user;
    this.settings = settings;
    this.module = module;
    this.defaults = applicationProperties(settings);
  }

  static Optional<Service> named(String label) {
    return Arrays.stream(values()).filter(service -> service.label().equals(label)).findFirst();
  }

  /** What everything of this service is called in the cluster. */
  String label() {
    return user.name();
  }

  /** As which it logs in to Kafka. */
  KafkaUser user() {
    return user;
  }

  /** The interface that holds its typed settings. */
  Class<?> settings() {
    return settings;
  }

  /** What its own {@code application.properties} says. */
  Map<String, String> defaults() {
    return defaults;
  }

  /** Whether it keeps anything in Postgres. */
  boolean hasDatabase() {
    return defaults.containsKey("quarkus.datasource.db-kind");
  }

  /** The libraries that its image holds. */
  Path libraries() {
    return Overlays.FOLDER.resolve("../..").resolve(module).resolve("target/quarkus-app/lib/main");
  }

  /** Read from where its classes are: all three have a file of that name. */
  private static Map<String, String> applicationProperties(Class<?> settings) {
    URL home = settings.getProtectionDomain().getCodeSource().getLocation();
    Properties properties = new Properties();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {home}, null);
        InputStream in = loader.getResourceAsStream("application.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> map = new HashMap<>();
    properties.forEach((name, value) -> map.put(String.valueOf(name), String.valueOf(value)));
    return Map.copyOf(map);
  }
}
