package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class PostgresServerTest {
  @TempDir Path dir;

  @Test
  void whatWasCommittedSurvivesStopAndKill() throws Exception {
    try (PostgresServer server = PostgresServer.startOnFreePort(dir)) {
      execute(server.approval(), "CREATE TABLE kept (word text)");
      execute(server.approval(), "INSERT INTO kept VALUES ('stopped')");
    }
    PostgresServer killed = PostgresServer.startOnFreePort(dir);
    execute(killed.approval(), "INSERT INTO kept VALUES ('killed')");
    ProcessHandle process = killed.process();
    process.destroyForcibly();
    process.onExit().get(60, TimeUnit.SECONDS);
    assertTrue(Files.exists(dir.resolve("data/postmaster.pid")), "the stale file is there");
    try (PostgresServer server = PostgresServer.startOnFreePort(dir)) {
      assertEquals(
          "killed,stopped",
          query(server.approval(), "SELECT string_agg(word, ',' ORDER BY word) FROM kept"));
    }
  }

  @Test
  void nothingIsLeftToEndTheProcessThatGetsACrashedServersNumber() throws Exception {
    PostgresServer crashed = PostgresServer.startOnFreePort(dir);
    long number = crashed.process().pid();
    assertEquals(List.of(number), guarded());
    crashed.process().destroyForcibly();
    try (PostgresServer server = PostgresServer.startOnFreePort(dir)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> guarded().equals(List.of(server.process().pid())));
    }
    assertEquals(List.of(), guarded());
    crashed.close();
  }

  /** The processes that would be ended if this JVM ended now. */
  private static List<Long> guarded() {
    return ProcessHandle.current()
        .children()
        .map(shell -> shell.info().arguments().orElse(new String[0]))
        .filter(arguments -> arguments.length == 5 && arguments[1].contains("kill -s"))
        .map(arguments -> Long.valueOf(arguments[4]))
        .toList();
  }

  @Test
  void itIsDurableAndEachDatabaseIsItsOwners() throws Exception {
    ProcessHandle process;
    try (PostgresServer server = PostgresServer.startOnFreePort(dir)) {
      process = server.process();
      assertEquals("on", query(server.approval(), "SHOW fsync"));
      assertEquals("on", query(server.approval(), "SHOW synchronous_commit"));
      assertEquals("127.0.0.1", query(server.permissions(), "SHOW listen_addresses"));
      assertTrue(query(server.permissions(), "SHOW server_version").startsWith("17."));
      Database own = server.approval();
      Database wrongPassword = new Database(own.name(), own.user(), "guessed", own.port());
      assertThrows(SQLException.class, () -> query(wrongPassword, "SELECT 1"));
      Database foreign =
          new Database(
              "permissions", server.approval().user(), server.approval().password(), own.port());
      assertThrows(SQLException.class, () -> query(foreign, "SELECT 1"));
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(dir.resolve("credentials.json"))));
      assertFalse(own.toString().contains(own.password()));
    }
    assertFalse(process.isAlive());
  }

  @Test
  void itEndsWhenTheJvmThatStartedItIsKilled() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String pid = jvm.inputReader().readLine();
    ProcessHandle postgres = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    assertTrue(postgres.isAlive());
    jvm.destroyForcibly().waitFor();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !postgres.isAlive());
  }

  /** Starts a server, says its process id, and never ends by itself. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      PostgresServer server = PostgresServer.startOnFreePort(Path.of(args[0]));
      System.out.println(server.process().pid());
      Thread.currentThread().join();
    }
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(Database database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Connection connect(Database database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }
}
