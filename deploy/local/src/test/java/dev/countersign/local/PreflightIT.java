package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong around a service and cannot become right ends its start, in one line. */
@Timeout(600)
@ExtendWith(SystemFixture.Provider.class)
class PreflightIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final Pattern TROUBLE =
      Pattern.compile("does not start|Not ready|ERROR|FATAL|Exception|^\\s+at ");

  private final SystemFixture system;
  @TempDir Path folder;

  PreflightIT(SystemFixture system) {
    this.system = system;
  }

  /** What went into the log of a process that has ended by itself. */
  private String refusal(ServiceName service, Map<String, String> environment) {
    Replica replica = Replica.start(system, service, environment);
    Awaitility.await().atMost(PATIENCE).until(() -> !replica.child().isAlive());
    String obituary = replica.child().obituary();
    assertTrue(obituary.contains("ended with status 1: "), obituary);
    return replica.log();
  }

  /** It is the last one, and beside it stands nothing but what every start says. */
  private static void assertOneLine(ServiceName service, String problem, String log) {
    List<String> lines = log.lines().toList();
    String line = service.label() + " does not start: " + problem;
    assertEquals(line, lines.get(lines.size() - 1), log);
    List<String> more =
        lines.subList(0, lines.size() - 1).stream()
            .filter(other -> TROUBLE.matcher(other).find())
            .toList();
    assertEquals(List.of(), more);
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownSettingOfTheEnvironmentEndsTheStart(ServiceName service) {
    assertOneLine(
        service,
        "COUNTERSIGN_TRUSTFILE is not one of its settings; the nearest is COUNTERSIGN_TRUST_FILE"
            + " (docs/operations.md lists them)",
        refusal(
            service, Map.of("COUNTERSIGN_URL", "of a client", "COUNTERSIGN_TRUSTFILE", "/tmp/x")));
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownSettingOfAFileEndsTheStart(ServiceName service) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("application.properties"), "countersign.signing-keyfile=/tmp/x\n");
    assertOneLine(
        service,
        "countersign.signing-keyfile is not one of its settings; the nearest is"
            + " countersign.signing-key-file (docs/operations.md lists them)",
        refusal(service, Map.of("QUARKUS_CONFIG_LOCATIONS", file.toUri().toString())));
  }

  @ParameterizedTest
  @EnumSource
  void aKeyFileThatEverybodyMayReadEndsTheStart(ServiceName service) throws IOException {
    Path key =
        Files.copy(system.stack().keys().keyFile(service.label()), folder.resolve("key.jwk.json"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertOneLine(
        service,
        "countersign.signing-key-file: %s has the mode rw-r--r--, so it is open to everybody: chmod 600 %s; of a mounted secret, defaultMode 0440 and fsGroup"
            .formatted(key, key),
        refusal(service, Map.of("COUNTERSIGN_SIGNING_KEY_FILE", key.toString())));
    Files.delete(key);
    assertOneLine(
        service,
        "countersign.signing-key-file: there is no file %s; it must hold the private key (JWK)"
            .formatted(key),
        refusal(service, Map.of("COUNTERSIGN_SIGNING_KEY_FILE", key.toString())));
  }

  /** The database is not even reached: it stays as it is. */
  @ParameterizedTest
  @EnumSource
  void aTrustFileThatCannotBeUsedEndsTheStartBeforeAnyMigration(ServiceName service)
      throws IOException {
    Path trust = Files.writeString(folder.resolve("trust.json"), "{}");
    Map<String, String> environment = new HashMap<>();
    if (service != ServiceName.GATEWAY) {
      environment.putAll(noDatabase(FreePorts.next()));
    }
    environment.put("COUNTERSIGN_TRUST_FILE", trust.toString());
    assertOneLine(
        service,
        "countersign.trust-file: %s cannot be used: the trust file needs its list of \"issuers\" (docs/operations.md#keys)"
            .formatted(trust),
        refusal(service, environment));
    Files.delete(trust);
    assertOneLine(
        service,
        "countersign.trust-file: there is no file %s; it must say whose keys are trusted (docs/operations.md#keys)"
            .formatted(trust),
        refusal(service, environment));
  }

  private static Map<String, String> noDatabase(int port) {
    return Map.of(
        "QUARKUS_DATASOURCE_JDBC_URL",
        "jdbc:postgresql://127.0.0.1:" + port + "/none",
        "QUARKUS_FLYWAY_CONNECT_RETRIES",
        "0");
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE", "APPROVAL"})
  void aDatabaseThatIsNotReachedEndsTheStart(ServiceName service) {
    int port = FreePorts.next();
    assertOneLine(
        service,
        "the database cannot be migrated: Unable to obtain connection from database: Connection to 127.0.0.1:%d refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections."
            .formatted(port),
        refusal(service, noDatabase(port)));
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE", "APPROVAL"})
  void aToolsFileWithErrorsEndsTheStart(ServiceName service) throws IOException {
    Path tools =
        Files.writeString(folder.resolve("tools.txt"), "[ours] Ours\na_tool oter\nb_tool oter\n");
    String log = refusal(service, Map.of("COUNTERSIGN_TOOLS_FILE", tools.toString()));
    String problem = log.substring(log.lastIndexOf(" does not start: ") + 17).stripTrailing();
    assertTrue(
        problem.startsWith("countersign.tools-file: the file " + tools + " was refused: line 2: "),
        problem);
    assertTrue(problem.contains("; line 3: "), problem);
    assertOneLine(service, problem, log);
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE", "APPROVAL"})
  void aDatabaseFromANewerReleaseEndsTheStart(ServiceName service) throws SQLException {
    try (Connection database = database(system, service);
        Statement statement = database.createStatement()) {
      var known =
          statement.executeQuery(
              "SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1");
      known.next();
      String version = known.getString(1);
      statement.execute(
          "INSERT INTO flyway_schema_history VALUES"
              + " (9999, '9001', 'later', 'SQL', 'V9001__later.sql', 1, 'x', now(), 1, true)");
      try {
        assertOneLine(
            service,
            "the database is from a newer release: its schema has version 9001, and this release"
                + " knows versions up to "
                + version
                + "; start that release, or restore a backup from before it",
            refusal(service, Map.of()));
      } finally {
        statement.execute("DELETE FROM flyway_schema_history WHERE installed_rank = 9999");
      }
    }
  }

  static Connection database(SystemFixture system, ServiceName service) throws SQLException {
    return service == ServiceName.STORE ? system.storeDatabase() : system.approvalDatabase();
  }
}
