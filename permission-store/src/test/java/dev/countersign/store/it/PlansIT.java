package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.PostgresServer;
import dev.countersign.embedded.StatementPlans;
import dev.countersign.embedded.StatementPlans.Plan;
import dev.countersign.protocol.OverrideCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the store asks its database does not grow with history: beside a million lines of history,
 * half of them of one user, every statement that it really sends is looked at. None reads a growing
 * table from end to end, none looks at more than a thousand rows. The list is written to {@code
 * target/plans.txt}.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
@Tag("exhaustive")
class PlansIT {
  private static final long MOST_ROWS = 1_000;
  private static final Set<String> GROWING =
      Set.of("user_permissions", "permission_history", "command_result", "imported_file");
  private static final String LARGE = "million-1";
  private static final List<String> HISTORY =
      List.of(
          """
          insert into user_permissions (tenant, user_id, version, document, published_version,
            updated_at)
          select 'default', 'million-' || n, 1000000, E'{\\n  "version": 1\\n}\\n', 1000000,
            clock_timestamp()
          from generate_series(1, 300000) n
          """,
          """
          insert into permission_history (tenant, user_id, version, at, action, via)
          select 'default', case when n % 2 = 0 then 'million-1' else 'million-' || n end, n,
            clock_timestamp(), 'set', 'dashboard'
          from generate_series(1, 1000000) n
          """,
          """
          insert into command_result (tenant, user_id, command_id, digest, reply, at)
          select 'default', case when n % 2 = 0 then 'million-1' else 'million-' || n end, 'c' || n,
            'x', '{}', clock_timestamp()
          from generate_series(1, 500000) n
          """,
          """
          insert into imported_file (tenant, user_id, digest, at)
          select 'default', 'million-' || n % 1000, 'd' || n, clock_timestamp()
          from generate_series(1, 200000) n
          """);

  @Backends.Server PostgresServer postgres;

  private static void run(String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                World.config("test.jdbc"),
                World.config("quarkus.datasource.username"),
                World.config("quarkus.datasource.password"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RequestSpecification person(World world) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(LARGE, "approver"))
        .contentType("application/json");
  }

  private static void read(World world, String path) {
    person(world).get("/internal/users/" + LARGE + path).then().statusCode(200);
  }

  private static void work(World world) {
    for (String user : List.of(LARGE, World.newUser())) {
      OverrideCommand command = World.set(user, "Bash", "npm test", "always");
      world.send(command);
      world.reply(command.commandId());
      world.send(command);
      OverrideCommand next = World.set(user, "Bash", "make", "always");
      world.send(next);
      long version = world.reply(next.commandId()).version();
      world.document(user, version);
    }
    person(world)
        .queryParam("resource", "ls")
        .body("{\"level\":\"always\"}")
        .put("/internal/users/" + LARGE + "/overrides/Bash")
        .then()
        .statusCode(200);
    read(world, "/permissions");
    read(world, "/history?limit=100");
    read(world, "/overrides/Bash?resource=ls");
  }

  @Test
  void nothingGrowsWithHistory() throws IOException {
    HISTORY.forEach(PlansIT::run);
    GROWING.forEach(table -> run("analyze " + table));
    StatementPlans plans = StatementPlans.watch(postgres, postgres.permissions());
    List<Plan> seen;
    try (World world = new World()) {
      work(world);
      seen = plans.seen();
    } finally {
      plans.stop();
      GROWING.forEach(
          table -> run("delete from %s where user_id like 'million-%%'".formatted(table)));
    }
    Map<String, Plan> worst = new TreeMap<>();
    StringBuilder text = new StringBuilder();
    for (Plan plan : seen) {
      if (plan.scans().stream().anyMatch(scan -> GROWING.contains(scan.name()))) {
        worst.merge(plan.query(), plan, (a, b) -> a.examined() >= b.examined() ? a : b);
      }
    }
    worst.values().forEach(plan -> text.append(plan).append('\n'));
    Files.writeString(Path.of("target", "plans.txt"), text.toString());
    assertTrue(worst.size() >= 8, "only " + worst.size() + " statements were seen");
    List<Plan> growing =
        worst.values().stream()
            .filter(
                plan ->
                    plan.examined() > MOST_ROWS || plan.scans().stream().anyMatch(PlansIT::whole))
            .toList();
    assertEquals(List.of(), growing);
  }

  private static boolean whole(StatementPlans.Scan scan) {
    return scan.type().equals("Seq Scan") && GROWING.contains(scan.name()) && scan.rows() > 0;
  }
}
