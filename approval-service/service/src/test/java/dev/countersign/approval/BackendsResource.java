package dev.countersign.approval;

import dev.countersign.embedded.Backends;
import dev.countersign.embedded.Database;
import dev.countersign.embedded.DevKeys;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A real Kafka, a real Postgres and keys for the service under test. */
public class BackendsResource implements QuarkusTestResourceLifecycleManager {
  /** System property that names the folder of the keys. */
  static final String KEYS = "approval-test.keys";

  /** System property that names the broker. */
  static final String KAFKA = "approval-test.kafka";

  @Override
  public Map<String, String> start() {
    Backends backends = Backends.shared();
    Database database = backends.postgres().approval();
    Path folder = folder();
    DevKeys keys = DevKeys.in(folder);
    System.setProperty(KEYS, folder.toString());
    System.setProperty(KAFKA, backends.kafka().bootstrapServers());
    return Map.ofEntries(
        Map.entry("quarkus.http.test-port", "0"),
        Map.entry("kafka.bootstrap.servers", backends.kafka().bootstrapServers()),
        Map.entry("quarkus.datasource.username", database.user()),
        Map.entry("quarkus.datasource.password", database.password()),
        Map.entry("quarkus.datasource.jdbc.url", database.jdbcUrl()),
        Map.entry("quarkus.datasource.reactive.url", database.reactiveUrl()),
        Map.entry("countersign.override-timeout", "4S"),
        Map.entry("countersign.override-resend", "1S"),
        Map.entry("countersign.trust-file", keys.trustFile().toString()),
        Map.entry("countersign.signing-key-file", keys.keyFile(DevKeys.APPROVAL).toString()));
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("approval-keys");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    // The pair lives until the JVM ends: every test class uses the same one.
  }
}
