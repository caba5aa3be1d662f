package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.MetricsDoor;
import dev.countersign.embedded.MetricsTable;
import dev.countersign.embedded.Scrape;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the store says of itself is what it did. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class MetricsIT {
  /** Kafka's own meters are looked for every minute. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private static final String OVERRIDE = "/internal/users/{user}/overrides/{tool}";

  private static World world;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static RequestSpecification as(String person) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(person, "approver"))
        .contentType("application/json");
  }

  private Scrape scrape() {
    return Scrape.of(metrics);
  }

  private void awaitGrowth(String name, Map<String, Double> expected, Scrape before) {
    Awaitility.await(name)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(expected, scrape().growth(name, before)));
  }

  @Test
  void whoHasNoBusinessAtTheMetricsCostsNothingAndSeesNothing() {
    assertEquals(413, MetricsDoor.announcing(metrics, 2_000));
    assertEquals(403, MetricsDoor.page(metrics));
    assertEquals(200, MetricsDoor.scraper(metrics));
  }

  @Test
  void theNumbersAreWhatTheScriptDid() {
    String user = World.newUser();
    OverrideCommand first = World.set(user, "Bash", "npm test", "always");
    OverrideCommand unusable = World.set(user, "Bash", "make", "sometimes");
    Scrape before = scrape();
    world.send(first);
    world.reply(first.commandId());
    world.send(first);
    world.send(unusable);
    world.send(user, "{".getBytes(StandardCharsets.UTF_8), null);
    world.send(user, Json.write(first), null, null);
    world.deadLetter(user, "missing_token");
    as(user).body("{\"level\":\"never\"}").put(OVERRIDE, user, "Read").then().statusCode(200);
    as(user).delete(OVERRIDE, user, "Read").then().statusCode(200);
    as(user).body("{\"level\":\"often\"}").put(OVERRIDE, user, "Read").then().statusCode(422);
    world.erase(user);
    awaitGrowth(
        "countersign_overrides_written_total",
        Map.of(
            "countersign_overrides_written_total{action=\"set\"}", 2.0,
            "countersign_overrides_written_total{action=\"clear\"}", 1.0,
            "countersign_overrides_written_total{action=\"erase\"}", 1.0),
        before);
    awaitGrowth(
        "countersign_dead_letters_total",
        Map.of(
            "countersign_dead_letters_total{code=\"invalid_override\"}", 1.0,
            "countersign_dead_letters_total{code=\"malformed_json\"}", 1.0,
            "countersign_dead_letters_total{code=\"missing_token\"}", 1.0),
        before);
    awaitGrowth(
        "countersign_batch_records_sum",
        Map.of("countersign_batch_records_sum{channel=\"override-commands\"}", 5.0),
        before);
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() {
    OverrideCommand command = World.set(World.newUser(), "Bash", "make", "always");
    world.send(command);
    world.reply(command.commandId());
    String service = "permission-store";
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
                    Set.of(Topics.OVERRIDE_COMMANDS, Topics.OVERRIDE_DOCUMENTS),
                    scrape().topics("kafka_consumer_fetch_manager_records_lag{")));
  }

  @Test
  void whoMayCallTheStoreSeesHealthAndNoMetrics() {
    given().get("/q/metrics").then().statusCode(404);
    given().get("/q/health/live").then().statusCode(200);
    assertEquals("127.0.0.1", World.config("quarkus.management.host"));
  }

  private void noMoreSeriesAfter(int many) {
    write(1, 10);
    Scrape few = scrape();
    write(11, many);
    Scrape after = scrape();
    assertEquals(Set.of(), after.ownNewSince(few));
    assertTrue(after.samples().keySet().stream().noneMatch(series -> series.contains("many-")));
    assertEquals(
        many - 10.0,
        after.value("countersign_overrides_written_total", "action", "set")
            - few.value("countersign_overrides_written_total", "action", "set"));
  }

  /** Writes of that many users, each about a tool of its own. */
  private void write(int from, int to) {
    List<String> sent = new ArrayList<>();
    for (int n = from; n <= to; n++) {
      OverrideCommand command = World.set("many-user-" + n, "many-tool-" + n, null, "ask");
      world.send(command);
      sent.add(command.commandId());
    }
    assertTrue(world.replies(sent).stream().allMatch(OverrideReply::ok));
    as("many-user-" + from)
        .get("/internal/users/{user}/permissions", "many-user-" + from)
        .then()
        .statusCode(200);
  }

  @Test
  void hundredsOfUsersAndToolsAddNoSeries() {
    noMoreSeriesAfter(300);
  }

  @Test
  @Tag("exhaustive")
  void tenThousandUsersAndToolsAddNoSeries() {
    noMoreSeriesAfter(10_000);
  }
}
