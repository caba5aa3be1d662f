package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreflightTest {
  private static final MigrationInfo OWN = migration("68", MigrationState.SUCCESS);
  private static final MigrationInfo PENDING = migration("68", MigrationState.PENDING);
  private static final MigrationInfo NEWER = migration("69", MigrationState.FUTURE_SUCCESS);

  private static final String REFUSAL =
      "a-service does not start: the database is from a newer release: its schema has version 69,"
          + " and this release knows versions up to 68; start that release, or restore a backup"
          + " from before it";

  private final Preflight preflight = new Preflight("a-service");
  private final List<String> done = new ArrayList<>();

  private static MigrationInfo migration(String version, MigrationState state) {
    return (MigrationInfo)
        Proxy.newProxyInstance(
            MigrationInfo.class.getClassLoader(),
            new Class<?>[] {MigrationInfo.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getVersion" -> MigrationVersion.fromVersion(version);
                  case "getState" -> state;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /** Migrates a database whose migrations are these before, and those after. */
  private void migrate(List<MigrationInfo> before, List<MigrationInfo> after) {
    preflight.migrate(
        () -> (done.isEmpty() ? before : after).toArray(new MigrationInfo[0]),
        () -> done.add("migrated"));
  }

  private String refusal(List<MigrationInfo> before, List<MigrationInfo> after) {
    return assertThrows(ConfigurationException.class, () -> migrate(before, after)).getMessage();
  }

  @Test
  void whatIsNotNewerIsMigrated() {
    migrate(List.of(PENDING), List.of(OWN));
    assertEquals(List.of("migrated"), done);
  }

  @Test
  void aNewerSchemaIsLeftAlone() {
    assertEquals(REFUSAL, refusal(List.of(OWN, NEWER), List.of(OWN, NEWER)));
    assertEquals(List.of(), done);
  }

  /** An old replica that starts again waits for a new one that migrates. */
  @Test
  void aSchemaThatBecameNewerWhileThisOneWaitedIsRefused() {
    assertEquals(REFUSAL, refusal(List.of(OWN), List.of(OWN, NEWER)));
  }

  private static ConfigurationException failure(Runnable migrate) {
    return assertThrows(
        ConfigurationException.class,
        () -> new Preflight("a-service").migrate(() -> new MigrationInfo[0], migrate));
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            """
            Unable to obtain connection from database: FATAL: no such role
            --------------------------------------------------------------
            SQL State  : 28000
            Error Code : 0
            Message    : FATAL: no such role
            """,
            "Unable to obtain connection from database: FATAL: no such role"),
        Arguments.of(
            """
            Script V2__bad.sql failed
            -------------------------
            SQL State  : 42601
            Error Code : 0
            Message    : ERROR: syntax error at or near "FOO"
              Position: 1
            Statement  : FOO
            """,
            "Script V2__bad.sql failed: ERROR: syntax error at or near \"FOO\""),
        Arguments.of(
            """
            Validate failed: Migrations have failed validation
            Migration checksum mismatch for migration version 1
            -> Applied to database : 1
            """,
            "Validate failed: Migrations have failed validation:"
                + " Migration checksum mismatch for migration version 1"),
        Arguments.of("\nNo database found", "No database found"),
        Arguments.of("", "org.flywaydb.core.api.FlywayException: "));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aMigrationThatFailsIsSaidInOneLine(String report, String said) {
    ConfigurationException refusal =
        failure(
            () -> {
              throw new FlywayException(report);
            });
    assertEquals(
        "a-service does not start: the database cannot be migrated: " + said.strip(),
        refusal.getMessage());
    assertNull(refusal.getCause(), "the cause would be printed in its place");
  }

  @Test
  void aRefusalIsOneLine() {
    assertEquals(
        "a-service does not start: one two",
        Preflight.refusal("a-service", "one\n  two\n").getMessage());
  }
}
