package dev.countersign.local;

import dev.countersign.embedded.Database;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.PostgresServer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration of the services, as environment variables: other users of the machine can read
 * a command line, but not these.
 */
record ServiceSettings(Ports ports, DevKeys keys, PostgresServer postgres, BrokerAccess broker) {
  /** How long an agent's token lives; the stack may run for days. */
  static final String TOKEN_LIFETIME = "P30D";

  /**
   * @param instance unique among the running processes of all services
   * @param port where it serves HTTP
   */
  Map<String, String> of(ServiceName service, String instance, int port) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    env.put("QUARKUS_HTTP_PORT", String.valueOf(port));
    env.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
    // One more process of a service takes any port that is free.
    int metrics = port == ports.http(service) ? ports.metrics(service) : 0;
    env.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(metrics));
    env.put("QUARKUS_LOG_CONSOLE_COLOR", "false");
    env.put("QUARKUS_CONSOLE_COLOR", "false");
    env.putAll(broker.environment(service));
    // Each channel would wait 2 s for nothing; what is unfinished is delivered again anyway.
    env.put("MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_GRACEFUL_SHUTDOWN", "false");
    env.put("COUNTERSIGN_TRUST_FILE", keys.trustFile().toString());
    switch (service) {
      case STORE -> {
        database(env, postgres.permissions());
        env.put("COUNTERSIGN_SIGNING_KEY_FILE", keys.keyFile(DevKeys.STORE).toString());
      }
      case APPROVAL -> {
        database(env, postgres.approval());
        env.put("COUNTERSIGN_SIGNING_KEY_FILE", keys.keyFile(DevKeys.APPROVAL).toString());
      }
      case GATEWAY -> {
        env.put("COUNTERSIGN_SIGNING_KEY_FILE", keys.keyFile(DevKeys.GATEWAY).toString());
        env.put("COUNTERSIGN_INSTANCE_ID", instance);
        env.put("COUNTERSIGN_APPROVAL_URL", "http://127.0.0.1:" + ports.approval());
        env.put("COUNTERSIGN_STORE_URL", "http://127.0.0.1:" + ports.store());
        env.put("COUNTERSIGN_SESSION_TOKEN_LIFETIME", TOKEN_LIFETIME);
      }
    }
    return env;
  }

  private static void database(Map<String, String> env, Database database) {
    env.put("QUARKUS_DATASOURCE_USERNAME", database.user());
    env.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
    env.put("QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl());
    env.put("QUARKUS_DATASOURCE_REACTIVE_URL", database.reactiveUrl());
  }
}
