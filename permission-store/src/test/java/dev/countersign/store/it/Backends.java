package dev.countersign.store.it;

import dev.countersign.embedded.Database;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.Folders;
import dev.countersign.embedded.KafkaBroker;
import dev.countersign.embedded.PostgresServer;
import dev.countersign.embedded.TcpProxy;
import dev.countersign.embedded.TopicSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One real Kafka and one real Postgres for all integration tests of this module. The service
 * reaches each through a proxy, so that a test can take it away; the tests themselves go direct.
 */
public class Backends implements QuarkusTestResourceLifecycleManager {
  /** Put into a field: the service's link to Kafka. */
  @Target(ElementType.FIELD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface KafkaLink {}

  /** Put into a field: the service's link to Postgres. */
  @Target(ElementType.FIELD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface PostgresLink {}

  /** Put into a field: Postgres itself. */
  @Target(ElementType.FIELD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface Server {}

  private TcpProxy kafkaLink;
  private TcpProxy postgresLink;
  private KafkaBroker kafka;
  private PostgresServer postgres;
  private Path keys;
  private Path importFolder;

  @Override
  public Map<String, String> start() {
    kafkaLink = TcpProxy.open();
    kafka = KafkaBroker.startTemporaryBehindProxy(kafkaLink.port());
    kafkaLink.leadTo(kafka.proxiedPort());
    postgres = PostgresServer.startTemporary();
    postgresLink = TcpProxy.open().leadTo(postgres.port());
    TopicSetup.createAll(kafka.bootstrapServers());
    keys = Folders.temporary("store-keys");
    Dashboard.in(keys);
    importFolder = Folders.temporary("store-import");
    return config(postgres.permissions());
  }

  private Map<String, String> config(Database database) {
    Database proxied =
        new Database(database.name(), database.user(), database.password(), postgresLink.port());
    Map<String, String> config = new HashMap<>();
    config.put("kafka.bootstrap.servers", "127.0.0.1:" + kafkaLink.port());
    config.put("quarkus.datasource.jdbc.url", proxied.jdbcUrl());
    config.put("quarkus.datasource.reactive.url", proxied.reactiveUrl());
    config.put("quarkus.datasource.username", database.user());
    config.put("quarkus.datasource.password", database.password());
    config.put("countersign.trust-file", DevKeys.in(keys).trustFile().toString());
    config.put("countersign.signing-key-file", DevKeys.in(keys).keyFile(DevKeys.STORE).toString());
    config.put("countersign.import.folder", importFolder.toString());
    config.put("test.kafka", kafka.bootstrapServers());
    config.put("test.jdbc", database.jdbcUrl());
    config.put("test.keys", keys.toString());
    for (String chatty : List.of("kafka", "state.change.logger", "org.apache.kafka")) {
      config.put("quarkus.log.category.\"" + chatty + "\".level", "ERROR");
    }
    return config;
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(
        kafkaLink, new TestInjector.AnnotatedAndMatchesType(KafkaLink.class, TcpProxy.class));
    injector.injectIntoFields(
        postgresLink, new TestInjector.AnnotatedAndMatchesType(PostgresLink.class, TcpProxy.class));
    injector.injectIntoFields(
        postgres, new TestInjector.AnnotatedAndMatchesType(Server.class, PostgresServer.class));
  }

  @Override
  public void stop() {
    if (postgresLink != null) {
      postgresLink.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    if (kafka != null) {
      kafka.close();
    }
    if (kafkaLink != null) {
      kafkaLink.close();
    }
    if (keys != null) {
      Folders.delete(keys);
      Folders.delete(importFolder);
    }
  }
}
