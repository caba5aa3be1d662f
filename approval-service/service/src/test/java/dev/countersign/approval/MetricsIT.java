package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.call;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.RequestBatch;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.MetricsDoor;
import dev.countersign.embedded.MetricsTable;
import dev.countersign.embedded.Scrape;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** What the service says of itself is what it did. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class MetricsIT {
  /** Kafka's own meters are looked for every minute. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private static final String DECISIONS = "countersign_decisions_total";

  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);
  private final SortedMap<String, Double> decisions = new TreeMap<>();
  @Inject RequestBatch batch;
  @Inject Database database;
  @Inject RequestStore requests;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  private Scrape scrape() {
    return Scrape.of(metrics);
  }

  /** Notes a decision as its receiver heard of it. */
  private void decided(String mode, String kind, PermissionReply reply) {
    String series =
        DECISIONS
            + "{decided_by=\"%s\",effect=\"%s\",kind=\"%s\",mode=\"%s\"}"
                .formatted(
                    reply.decidedBy().name().toLowerCase(Locale.ROOT),
                    reply.effect().name().toLowerCase(Locale.ROOT),
                    kind,
                    mode);
    decisions.merge(series, 1.0, Double::sum);
  }

  private void awaitGrowth(String name, Map<String, Double> expected, Scrape before) {
    Awaitility.await(name)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(expected, growth(name, before)));
  }

  /** Without what becomes of the prompts that other tests left open. */
  private SortedMap<String, Double> growth(String name, Scrape before) {
    SortedMap<String, Double> growth = scrape().growth(name, before);
    growth.keySet().removeIf(series -> series.contains("decided_by=\"timeout\""));
    return growth;
  }

  private static String option(PromptState prompt, String beginning) {
    return prompt.options().stream()
        .map(option -> option.optionId())
        .filter(option -> option.startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  /** A scrape behind whatever other tests have sent. */
  private Scrape quiet() {
    AtomicReference<Scrape> last = new AtomicReference<>(scrape());
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              Scrape now = scrape();
              Scrape earlier = last.getAndSet(now);
              return now.growth("countersign_batch_records_sum", earlier).isEmpty()
                  && now.growth(DECISIONS, earlier).isEmpty();
            });
    return last.get();
  }

  @Test
  void whoHasNoBusinessAtTheMetricsCostsNothingAndSeesNothing() {
    assertEquals(413, MetricsDoor.announcing(metrics, 2_000));
    assertEquals(403, MetricsDoor.page(metrics));
    assertEquals(200, MetricsDoor.scraper(metrics));
  }

  @Test
  void theNumbersAreWhatTheScriptDid() throws Exception {
    Scrape before = quiet();
    String session = world.session(mode("default"));
    String planning = world.session(mode("plan"));
    PermissionRequest again = World.request(session, id("r"), bash("ls"));
    decided("default", "execute", world.reply(world.ask(again)));
    world.ask(again);
    decided("default", "execute", world.decision(session, bash("ls -l")));
    decided("default", "execute", world.decision(session, bash("rm -rf /")));
    decided(
        "default", "read", world.decision(session, call("Read", Map.of("file_path", "/proj/a"))));
    decided(
        "plan",
        "edit",
        world.decision(planning, call("Write", Map.of("file_path", "/proj/a", "content", "b"))));
    PromptState once = world.prompt(world.ask(session, bash("make once")));
    world.answer(once, "allow_once");
    decided("default", "execute", world.reply(once.requestId()));
    PromptState no = world.prompt(world.ask(session, call("tool-nobody-knows", Map.of())));
    world.answer(no, "reject_once");
    decided("default", "other", world.reply(no.requestId()));
    PromptState gone = world.prompt(world.ask(session, bash("make nothing")));
    world.cancel(session, gone.requestId());
    decided("default", "execute", world.reply(gone.requestId()));
    PromptState always = world.prompt(world.ask(session, bash("make always")));
    String answer = id("a");
    PermissionAnswer forGood =
        new PermissionAnswer(
            null,
            always.promptId(),
            answer,
            option(always, "allow_always"),
            always.digest(),
            null,
            null);
    world.sendAnswer(forGood, World.OWNER, Map.of());
    store.store(store.command(always.promptId()));
    decided("default", "execute", world.reply(always.requestId()));
    world.sendAnswer(forGood, World.OWNER, Map.of());
    world.wire.send(
        Topics.REQUESTS,
        session,
        "{".getBytes(StandardCharsets.UTF_8),
        Map.of(Headers.TOKEN, world.token(session)));
    world.wire.send(Topics.REQUESTS, session, Json.write(again), Map.of());
    awaitGrowth(DECISIONS, decisions, before);
    awaitGrowth(
        "countersign_decision_latency_seconds_count",
        Map.of(
            "countersign_decision_latency_seconds_count{asked=\"false\"}", 5.0,
            "countersign_decision_latency_seconds_count{asked=\"true\"}", 4.0),
        before);
    awaitGrowth(
        "countersign_prompts_opened_total",
        Map.of("countersign_prompts_opened_total", 4.0),
        before);
    awaitGrowth(
        "countersign_prompt_answer_seconds_count",
        Map.of(
            "countersign_prompt_answer_seconds_count{option=\"allow_once\"}", 1.0,
            "countersign_prompt_answer_seconds_count{option=\"reject_once\"}", 1.0,
            "countersign_prompt_answer_seconds_count{option=\"allow_always\"}", 1.0),
        before);
    awaitGrowth(
        "countersign_dead_letters_total",
        Map.of(
            "countersign_dead_letters_total{code=\"malformed_json\"}", 1.0,
            "countersign_dead_letters_total{code=\"missing_token\"}", 1.0),
        before);
    awaitGrowth(
        "countersign_batch_records_sum",
        Map.of(
            "countersign_batch_records_sum{channel=\"requests\"}", 13.0,
            "countersign_batch_records_sum{channel=\"answers\"}", 4.0,
            "countersign_batch_records_sum{channel=\"session-commands\"}", 2.0,
            "countersign_batch_records_sum{channel=\"override-replies\"}", 1.0),
        before);
    store.clear(World.OWNER);
  }

  @Test
  void aRequestThatIsDeliveredAgainCountsOnce() {
    String session = world.session(mode("acceptEdits"));
    PermissionRequest request = World.request(session, id("r"), bash("ls"));
    List<InboundRecord> records =
        List.of(world.record(request, 2_000_000), world.record(request, 2_000_001));
    Scrape before = quiet();
    batch.handle(records, Instant.now());
    batch.handle(records, Instant.now());
    assertEquals(1, sum(growth(DECISIONS, before)));
  }

  @Test
  void aDecisionThatIsRolledBackCountsNotAndTheOneThatFollowsDoes() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make undone")));
    RequestKey key = new RequestKey(DevKeys.TENANT, session, prompt.requestId());
    Scrape before = quiet();
    assertThrows(
        IllegalStateException.class,
        () ->
            database.transaction(
                connection -> {
                  var end = new RequestStore.Finish(key, Outcomes.cancelled("undone"), null);
                  assertEquals(1, requests.finishOpen(connection, List.of(end)).size());
                  throw new IllegalStateException("rolled back");
                }));
    assertEquals(Map.of(), growth(DECISIONS, before));
    world.answer(prompt, "reject_once");
    decided("default", "execute", world.reply(prompt.requestId()));
    awaitGrowth(DECISIONS, decisions, before);
  }

  private static double sum(Map<String, Double> growth) {
    return growth.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double age() {
    return Hold.number(
            "SELECT (1000 * extract(epoch FROM clock_timestamp() - min(p.opened_at)))::bigint"
                + " FROM request r JOIN prompt p ON p.tenant = r.tenant AND p.id = r.prompt_id"
                + " WHERE r.state = 'open'")
        / 1000.0;
  }

  @Test
  void openPromptsAreCountedAndTheOldestGrowsOlder() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make it wait")));
    Hold.run(
        "UPDATE prompt SET opened_at = opened_at - interval '3 hours' WHERE id = '"
            + prompt.promptId()
            + "'");
    Hold.run(
        "UPDATE request SET seq = DEFAULT WHERE state = 'open' AND prompt_id <> '"
            + prompt.promptId()
            + "'");
    double atLeast = age();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> scrape().value("countersign_prompts_oldest_age_seconds") >= atLeast);
    assertTrue(scrape().value("countersign_prompts_oldest_age_seconds") <= age());
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    Hold.number("SELECT count(*) FROM request WHERE state = 'open'"),
                    scrape().value("countersign_prompts_open")));
    world.cancel(session, prompt.requestId());
    world.reply(prompt.requestId());
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> scrape().value("countersign_prompts_oldest_age_seconds") < 3 * 3600);
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() {
    String session = world.session(mode("default"));
    world.answer(world.prompt(world.ask(session, bash("make names"))), "reject_once");
    String service = "approval-service";
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(Set.of(), MetricsTable.missing(service, scrape())));
    assertEquals(Set.of(), MetricsTable.undocumented(service, scrape()));
  }

  @Test
  void allReadersAreFollowedByLag() {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    Set.of(
                        Topics.REQUESTS,
                        Topics.ANSWERS,
                        Topics.SESSION_COMMANDS,
                        Topics.OVERRIDE_REPLIES,
                        Topics.OVERRIDE_DOCUMENTS),
                    scrape().topics("kafka_consumer_fetch_manager_records_lag{")));
  }

  @Test
  void whoMayCallTheServiceSeesHealthAndNoMetrics() {
    given().get("/q/metrics").then().statusCode(404);
    given().get("/q/health/live").then().statusCode(200);
    String host = ConfigProvider.getConfig().getValue("quarkus.management.host", String.class);
    assertEquals("127.0.0.1", host);
  }
}
