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

  /** System property that names the file of the managed rules. */
  static final String RULES = "approval-test.rules";

  /** System property that names the broker. */
  static final String KAFKA = "approval-test.kafka";

  /** Argument: how long the topic of documents is read on before it begins anew. */
  static final String DOCUMENTS_PASS = "documents-pass";

  private static final String TOOLS =
      """
      [mcp__books] The bookkeeping server
      mcp__books__query   other  -  always         | Asks the books
      mcp__books__book    other  -  ask            | Books an amount
      mcp__books__close   other  -  never   hidden | Closes the year
      books/with/slashes  other  -  -              | Has an odd name
      """;

  private static final Path FOLDER = folder();

  private String documentsPass = "200MS";

  @Override
  public void init(Map<String, String> args) {
    documentsPass = args.getOrDefault(DOCUMENTS_PASS, documentsPass);
  }

  @Override
  public Map<String, String> start() {
    Backends backends = Backends.shared();
    Database database = backends.postgres().approval();
    Path folder = FOLDER;
    DevKeys keys = DevKeys.in(folder);
    Path rules = folder.resolve("managed-rules.txt");
    write(rules, "revision 1\ndeny Bash(forbidden-by-revision-1 *)\n");
    Path tools = folder.resolve("tools.txt");
    write(tools, TOOLS);
    System.setProperty(KEYS, folder.toString());
    System.setProperty(RULES, rules.toString());
    System.setProperty(KAFKA, backends.kafka().bootstrapServers());
    return Map.ofEntries(
        Map.entry("quarkus.http.test-port", "0"),
        Map.entry("kafka.bootstrap.servers", backends.kafka().bootstrapServers()),
        Map.entry("quarkus.datasource.username", database.user()),
        Map.entry("quarkus.datasource.password", database.password()),
        Map.entry("quarkus.datasource.jdbc.url", database.jdbcUrl()),
        Map.entry("quarkus.datasource.reactive.url", database.reactiveUrl()),
        Map.entry("countersign.documents-pass", documentsPass),
        Map.entry("countersign.metrics-interval", "200MS"),
        Map.entry("countersign.managed-rules-file", rules.toString()),
        Map.entry("countersign.tools-file", tools.toString()),
        Map.entry("countersign.managed-rules-interval", "100MS"),
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

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    // The pair lives until the JVM ends: every test class uses the same one.
  }
}
