package dev.countersign.store.it;

import dev.countersign.embedded.Database;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.Folders;
import dev.countersign.embedded.KafkaBroker;
import dev.countersign.embedded.PostgresServer;
import dev.countersign.embedded.TopicSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One real Kafka and one real Postgres for all integration tests of this module. */
public class Backends implements QuarkusTestResourceLifecycleManager {
  private KafkaBroker kafka;
  private PostgresServer postgres;
  private Path keys;

  @Override
  public Map<String, String> start() {
    kafka = KafkaBroker.startTemporary();
    postgres = PostgresServer.startTemporary();
    TopicSetup.createAll(kafka.bootstrapServers());
    keys = Folders.temporary("store-keys");
    DevKeys devKeys = DevKeys.in(keys);
    Database database = postgres.permissions();
    Map<String, String> config = new HashMap<>();
    config.put("kafka.bootstrap.servers", kafka.bootstrapServers());
    config.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
    config.put("quarkus.datasource.reactive.url", database.reactiveUrl());
    config.put("quarkus.datasource.username", database.user());
    config.put("quarkus.datasource.password", database.password());
    config.put("countersign.trust-file", devKeys.trustFile().toString());
    config.put("test.keys", keys.toString());
    for (String chatty : List.of("kafka", "state.change.logger", "org.apache.kafka")) {
      config.put("quarkus.log.category.\"" + chatty + "\".level", "WARN");
    }
    return config;
  }

  @Override
  public void stop() {
    if (postgres != null) {
      postgres.close();
    }
    if (kafka != null) {
      kafka.close();
    }
    if (keys != null) {
      Folders.delete(keys);
    }
  }
}
