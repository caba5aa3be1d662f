package dev.countersign.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a server carried out every statement that a database was sent, from the moment it is watched:
 * as its module {@code auto_explain} logs it.
 */
public final class StatementPlans {
  private static final Pattern START = Pattern.compile(".* LOG: {2}duration: [0-9.]+ ms {2}plan:");
  private static final List<String> SETTINGS =
      List.of(
          "session_preload_libraries = 'auto_explain'",
          "auto_explain.log_min_duration = 0",
          "auto_explain.log_analyze = on",
          "auto_explain.log_timing = off",
          "auto_explain.log_format = 'json'");

  private final PostgresServer server;
  private final Database database;
  private final long from;

  private StatementPlans(PostgresServer server, Database database) {
    this.server = server;
    this.database = database;
    this.from = length(server.log());
  }

  /**
   * A statement as it was carried out.
   *
   * @param scans of tables and indexes
   */
  public record Plan(String query, List<Scan> scans) {
    /** Rows looked at in all. */
    public long examined() {
      return scans.stream().mapToLong(Scan::rows).sum();
    }
  }

  /**
   * A look through a table or an index.
   *
   * @param type as Postgres names it
   * @param name of the table, or of the index where the table is not named
   * @param rows looked at, also those that did not count
   */
  public record Scan(String type, String name, long rows) {}

  /** Watches from now on; every connection to the database is ended, so that new ones begin. */
  public static StatementPlans watch(PostgresServer server, Database database) {
    StatementPlans plans = new StatementPlans(server, database);
    for (String setting : SETTINGS) {
      plans.asSuperuser("ALTER DATABASE %s SET %s".formatted(database.name(), setting));
    }
    plans.endConnections();
    return plans;
  }

  /** Watches no longer. */
  public void stop() {
    asSuperuser("ALTER DATABASE %s RESET ALL".formatted(database.name()));
    endConnections();
  }

  private void endConnections() {
    asSuperuser(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
            .formatted(database.name()));
  }

  private void asSuperuser(String sql) {
    Database superuser = server.superuser();
    try (Connection connection =
            DriverManager.getConnection(
                superuser.jdbcUrl(), superuser.user(), superuser.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      try (ResultSet rows = statement.getResultSet()) {
        while (rows != null && rows.next()) {
          rows.getObject(1);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was carried out until now, in order. */
  public List<Plan> seen() {
    List<Plan> plans = new ArrayList<>();
    StringBuilder json = null;
    for (String line : since(server.log(), from).lines().toList()) {
      if (json != null && line.startsWith("\t")) {
        json.append(line, 1, line.length()).append('\n');
        continue;
      }
      if (json != null) {
        plans.add(plan(json.toString()));
      }
      json = START.matcher(line).matches() ? new StringBuilder() : null;
    }
    return plans;
  }

  private static Plan plan(String json) {
    JsonNode root = Json.readTree(json.getBytes(StandardCharsets.UTF_8));
    List<Scan> scans = new ArrayList<>();
    scans(root.path("Plan"), scans);
    String query =
        root.path("Query Text")
            .asText()
            .lines()
            .map(String::strip)
            .collect(Collectors.joining(" "));
    return new Plan(query, scans);
  }

  private static void scans(JsonNode node, List<Scan> to) {
    JsonNode name = node.has("Relation Name") ? node.get("Relation Name") : node.get("Index Name");
    String type = node.path("Node Type").asText();
    if (name != null && type.contains("Scan")) {
      long each =
          node.path("Actual Rows").asLong()
              + node.path("Rows Removed by Filter").asLong()
              + node.path("Rows Removed by Index Recheck").asLong();
      to.add(new Scan(type, name.asText(), each * node.path("Actual Loops").asLong()));
    }
    node.path("Plans").forEach(child -> scans(child, to));
  }

  private static long length(Path log) {
    try {
      return Files.size(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String since(Path log, long from) {
    try (var in = Files.newInputStream(log)) {
      in.skipNBytes(from);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
