package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.health.Progress;
import dev.countersign.embedded.Backends;
import dev.countersign.embedded.StatementPlans;
import dev.countersign.embedded.StatementPlans.Plan;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PromptState;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the service asks its database does not grow with history. Beside a million decided requests
 * (half of them of one user, a third of one session) and hundreds of thousands of everything else,
 * every statement that the service really sends is looked at: none reads a growing table from end
 * to end, none looks at more than a few thousand rows. The list is written to {@code
 * target/plans.txt}.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@Tag("exhaustive")
class PlansIT {
  private static final long MOST_ROWS = 5_000;
  private static final Set<String> GROWING =
      Set.of(
          "request",
          "request_input",
          "prompt",
          "permission_grant",
          "session",
          "override_projection",
          "custom_profile",
          "managed_rules");
  private static final List<String> HISTORY =
      List.of(
          """
          INSERT INTO session (tenant, id, owner, parent, path, settings, mode_source, version,
            closed_at)
          SELECT 'default', 'million-' || n, CASE WHEN n % 2 = 0 THEN 'ann' ELSE 'u' || n % 5000 END,
            CASE WHEN n % 3 = 0 AND n > 0 THEN 'million-0' END,
            CASE WHEN n % 3 = 0 AND n > 0 THEN ARRAY['million-0'] ELSE '{}' END,
            '{"permissionMode":"default"}', 'session', 1,
            CASE WHEN n > 0 THEN clock_timestamp() END
          FROM generate_series(0, 200000) n
          """,
          """
          INSERT INTO session (tenant, id, owner, parent, path, settings, mode_source, version,
            created_at)
          SELECT 'default', 'million-full' || CASE WHEN n > 0 THEN '-' || n ELSE '' END, 'ann',
            CASE WHEN n > 0 THEN 'million-full' END,
            CASE WHEN n > 0 THEN ARRAY['million-full'] ELSE '{}' END,
            '{"permissionMode":"default"}', 'parent', 1, clock_timestamp() - interval '3 days'
          FROM generate_series(0, 500) n
          """,
          """
          INSERT INTO request (tenant, session_id, request_id, owner, tool, digest, state,
            requested_at, reply_topic, source_partition, source_offset, fence_managed,
            fence_document, fence_session, effect, decided_by, code, reason, execution,
            decided_at, decided_xid, rev, published_rev)
          SELECT 'default', CASE WHEN n % 3 = 0 THEN 'million-0' ELSE 'million-' || n % 200000 END,
            'million-' || n, CASE WHEN n % 2 = 0 THEN 'ann' ELSE 'u' || n % 5000 END, 'Bash',
            'x', 'decided', clock_timestamp(), 'permission.replies', 0, n, 1, 1, 1,
            CASE WHEN n % 9 = 0 THEN 'deny' ELSE 'allow' END, 'mode', 'allowed', '-',
            'foreground', clock_timestamp(), 1, 1, 1
          FROM generate_series(1, 1000000) n
          """,
          """
          INSERT INTO request_input (tenant, session_id, request_id, call)
          SELECT tenant, session_id, request_id, '{}' FROM request
          WHERE session_id LIKE 'million-%' AND seq % 4 = 0
          """,
          """
          INSERT INTO prompt (tenant, id, reason, options)
          SELECT 'default', 'million-' || n, '-', '[]' FROM generate_series(1, 200000) n
          """,
          """
          INSERT INTO permission_grant (tenant, id, user_id, session_id, tool, resource, given_by,
            fence_managed, fence_document, fence_session, dead_at, ended)
          SELECT 'default', 'million-' || n, 'ann', CASE WHEN n % 2 = 0 THEN 'million-0' END, 'Bash',
            'x' || n, 'ann', 1, 1, 1, clock_timestamp(), 'expired'
          FROM generate_series(1, 200000) n
          """,
          """
          INSERT INTO permission_grant (tenant, id, user_id, session_id, request_id, tool, digest,
            given_by, fence_managed, fence_document, fence_session, ends_at, dead_at, ended)
          SELECT 'default', 'million-asked-' || n, 'ann', 'million-0', 'million-3', 'Bash', 'x',
            'ann', 1, 1, 1, clock_timestamp(), clock_timestamp(), 'expired'
          FROM generate_series(1, 100000) n
          """,
          """
          INSERT INTO permission_grant (tenant, id, user_id, session_id, request_id, tool, digest,
            given_by, fence_managed, fence_document, fence_session, ends_at)
          SELECT 'default', 'million-living-' || n, 'ann', 'million-full-' || 1 + n % 5, 'none',
            'Bash', 'x', 'ann', (SELECT revision FROM managed_fence),
            coalesce((SELECT version FROM override_projection WHERE user_id = 'ann'), 0), 1,
            clock_timestamp() + interval '30 days'
          FROM generate_series(1, 500) n
          """,
          """
          INSERT INTO request (tenant, session_id, request_id, owner, tool, digest, state,
            requested_at, reply_topic, source_partition, source_offset, fence_managed,
            fence_document, fence_session, effect, decided_by, code, reason, execution,
            decided_at, decided_xid, rev, published_rev)
          SELECT 'default', 'million-0', 'million-running-' || n, 'ann', 'Bash', 'x', 'decided',
            clock_timestamp(), 'permission.replies', 0, n, 1, 1, 1, 'allow', 'mode', 'allowed', '-',
            'background',
            clock_timestamp() - CASE WHEN n % 2 = 0 THEN interval '2 days' ELSE interval '0' END,
            1, 1, 1
          FROM generate_series(1, 200000) n
          """,
          """
          INSERT INTO override_projection (tenant, user_id, version)
          SELECT 'default', 'million-' || n, 1 FROM generate_series(1, 200000) n
          """,
          """
          INSERT INTO custom_profile (tenant, name, owner, shared, body, version, changed_by)
          SELECT 'default', 'million-' || n, 'million', false, '{}', 1, 'million'
          FROM generate_series(1, 100000) n
          """,
          """
          INSERT INTO managed_rules (revision, body)
          SELECT -n, 'revision 1' FROM generate_series(1, 100000) n
          """);
  private static final Map<String, String> MADE =
      Map.of(
          "request", "session_id",
          "request_input", "session_id",
          "session", "id",
          "prompt", "id",
          "permission_grant", "id",
          "override_projection", "user_id",
          "custom_profile", "name");

  @Inject Database database;
  @Inject Progress progress;

  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);

  @BeforeAll
  static void aMillionRows() {
    HISTORY.forEach(Hold::run);
    GROWING.forEach(table -> Hold.run("ANALYZE " + table));
  }

  @AfterAll
  static void noneIsLeft() {
    MADE.forEach(
        (table, key) ->
            Hold.run("DELETE FROM %s WHERE %s LIKE 'million-%%'".formatted(table, key)));
    Hold.run("DELETE FROM managed_rules WHERE revision < 0");
  }

  private static io.restassured.specification.RequestSpecification person(String... roles) {
    return given()
        .header("Authorization", "Bearer " + World.get().keys.personToken(World.OWNER, roles))
        .contentType("application/json");
  }

  private static void read(String path, String... roles) {
    person(roles).get(path).then().statusCode(200);
  }

  private void work() throws Exception {
    String session = world.session(mode("default"));
    String request = world.ask(session, bash("ls"));
    world.reply(request);
    world.ask(World.request(session, request, bash("ls")));
    world.answer(world.prompt(world.ask(session, bash("make once"))), "allow_once");
    world.answer(world.prompt(world.ask(session, bash("make more"))), "allow_session");
    PromptState always = world.prompt(world.ask(session, bash("make always")));
    String option =
        always.options().stream()
            .map(o -> o.optionId())
            .filter(o -> o.startsWith("allow_always"))
            .findFirst()
            .orElseThrow();
    PermissionAnswer answer =
        new PermissionAnswer(null, always.promptId(), id("a"), option, always.digest(), null, null);
    world.sendAnswer(answer, World.OWNER, Map.of());
    store.store(store.command(always.promptId()));
    world.answerReply(answer.answerId());
    String cancelled = world.ask(session, bash("make nothing"));
    world.prompt(cancelled);
    world.cancel(session, cancelled);
    world.reply(cancelled);
    String grant =
        person("approver")
            .queryParam("tool", "Bash")
            .queryParam("resource", "counted *")
            .body(Map.of("level", "always", "uses", 3))
            .put("/internal/users/ann/grants")
            .then()
            .statusCode(200)
            .extract()
            .path("id");
    world.decision(session, bash("counted it"));
    read("/internal/users/ann/grants?limit=100");
    read("/internal/users/ann/grants?limit=100&state=active");
    read("/internal/users/ann/grants/history?limit=100");
    person("approver").delete("/internal/users/ann/grants/" + grant).then().statusCode(200);
    String child = id("s");
    world.start(child, session, mode("default"), World.OWNER, Map.of());
    for (String parent : List.of("million-0", "million-full")) {
      world.start(id("s"), parent, mode("default"), World.OWNER, Map.of());
    }
    world.ask(child, bash("make waiting"));
    world.set(session, mode("plan"));
    read("/internal/prompts");
    read("/internal/prompts", "admin");
    read("/internal/prompts?sessionId=" + child);
    read("/internal/receipts?limit=100");
    read("/internal/receipts?limit=100&after=1-500000");
    read("/internal/receipts?limit=100", "admin");
    read("/internal/receipts?limit=100&sessionId=million-0");
    read("/internal/receipts?requestId=million-5", "admin");
    RetentionIT.cleaner(
            database,
            progress,
            Map.of("countersign.receipt-retention", "P99D", "countersign.input-retention", "P99D"))
        .clean();
    read("/internal/sessions/" + session);
    read("/internal/sessions/million-0");
    read("/internal/sessions/" + session + "/capabilities");
    read("/internal/profiles");
    read("/internal/profiles", "admin");
    store.publish(World.OWNER, dev.countersign.protocol.UserDocument.EMPTY);
    world.decision(session, bash("ls"));
    store.erase("u7");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> Hold.number("SELECT count(*) FROM erasure WHERE user_id = 'u7' AND done") == 1);
    world.close(session);
  }

  @Test
  void nothingGrowsWithHistory() throws Exception {
    var postgres = Backends.shared().postgres();
    StatementPlans plans = StatementPlans.watch(postgres, postgres.approval());
    List<Plan> seen;
    try {
      work();
      seen = plans.seen();
    } finally {
      plans.stop();
    }
    Map<String, Plan> worst = new TreeMap<>();
    seen.stream()
        .filter(plan -> plan.scans().stream().anyMatch(scan -> GROWING.contains(scan.name())))
        .forEach(
            plan ->
                worst.merge(plan.query(), plan, (a, b) -> a.examined() >= b.examined() ? a : b));
    write(worst);
    assertTrue(worst.size() > 30, "only " + worst.size() + " statements were seen");
    List<Plan> growing =
        worst.values().stream()
            .filter(
                plan -> plan.examined() > MOST_ROWS || plan.scans().stream().anyMatch(this::whole))
            .toList();
    assertEquals(List.of(), growing);
  }

  private boolean whole(StatementPlans.Scan scan) {
    return scan.type().equals("Seq Scan") && GROWING.contains(scan.name()) && scan.rows() > 100;
  }

  private static void write(Map<String, Plan> plans) throws IOException {
    StringBuilder text = new StringBuilder();
    plans
        .values()
        .forEach(
            plan -> {
              text.append(plan.examined()).append(" rows: ").append(plan.query()).append('\n');
              plan.scans()
                  .forEach(
                      scan ->
                          text.append(
                              "    %d %s %s\n".formatted(scan.rows(), scan.type(), scan.name())));
            });
    Files.writeString(Path.of("target", "plans.txt"), text.toString());
  }
}
