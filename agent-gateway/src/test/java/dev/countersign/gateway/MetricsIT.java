package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.MetricsDoor;
import dev.countersign.embedded.MetricsTable;
import dev.countersign.embedded.Scrape;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the gateway says of itself is what it did, and it says it to operators alone. */
@QuarkusTest
class MetricsIT extends GatewayTestBase {
  /** Kafka's own meters are looked for every minute. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private static final String ANSWERS = "countersign_http_answers_total";

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  private Scrape scrape() {
    return Scrape.of(metrics);
  }

  private static String answers(int status) {
    return ANSWERS + "{status=\"" + status + "\"}";
  }

  @Test
  void whoHasNoBusinessAtTheMetricsCostsNothingAndSeesNothing() {
    assertEquals(413, MetricsDoor.announcing(metrics, 2_000));
    assertEquals(403, MetricsDoor.page(metrics));
    assertEquals(200, MetricsDoor.scraper(metrics));
  }

  @Test
  void theNumbersAreWhatTheScriptDid() throws IOException {
    Scrape before = scrape();
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .body(bash("ASK"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(202);
    given().get("/v1/prompts").then().statusCode(401);
    as("nobody's").body(bash("ls")).post("/v1/sessions/x/requests").then().statusCode(401);
    as(alice()).get("/no/such/path").then().statusCode(404);
    given().get("/q/health/live").then().statusCode(200);
    as("nobody's").post("/q/x").then().statusCode(401);
    try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
      socket.getOutputStream().write(rawGet("/q/../v1/prompts", "nobody's"));
      assertEquals('H', socket.getInputStream().read());
    }
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    Map.of(
                        answers(201), 1.0, answers(202), 1.0, answers(401), 4.0, answers(404), 1.0),
                    scrape().growth(ANSWERS, before)));
  }

  @Test
  void streamsAreCountedWhileTheyAreOpen() throws IOException {
    await().until(() -> streams() == 0);
    List<Socket> open = new ArrayList<>();
    for (String person : List.of("alice", "alice", "bob")) {
      Socket socket = new Socket("127.0.0.1", RestAssured.port);
      open.add(socket);
      socket.getOutputStream().write(rawGet("/v1/events", keys.personToken(person, "approver")));
    }
    await().until(() -> streams() == 3);
    for (Socket socket : open) {
      socket.close();
    }
    await().until(() -> streams() == 0);
  }

  private double streams() {
    Scrape scrape = scrape();
    assertTrue(scrape.names().contains("countersign_event_streams"));
    return scrape.value("countersign_event_streams");
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() {
    startSession();
    String service = "agent-gateway";
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(Set.of(), MetricsTable.missing(service, scrape())));
    assertEquals(Set.of(), MetricsTable.undocumented(service, scrape()));
  }

  @Test
  void whoMayCallTheGatewaySeesHealthAndNoMetrics() {
    given().get("/q/metrics").then().statusCode(404);
    as(keys.personToken("root", "admin")).get("/q/metrics").then().statusCode(404);
    given().get("/q/health/live").then().statusCode(200);
    String host = ConfigProvider.getConfig().getValue("quarkus.management.host", String.class);
    assertEquals("127.0.0.1", host);
  }

  @Test
  void whatIsReadIsFollowedByLagAndNoTopicIsAnotherOnes() {
    startSession();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Set<String> topics = scrape().topics("kafka_");
              assertTrue(topics.contains(Topics.SESSION_REPLIES), topics.toString());
              topics.removeAll(Topics.ALL);
              topics.remove("");
              assertEquals(Set.of(), topics);
            });
  }

  /** Whatever persons, paths and methods there are. */
  private void ask(int from, int to) {
    for (int n = from; n <= to; n++) {
      String token = keys.personToken("many-user-" + n, "approver");
      as(token).get("/v1/prompts/many-prompt-" + n);
      as(token).get("/v1/many-path-" + n);
      given().get("/v1/sessions/many-session-" + n);
      given().request("MANY" + n, "/v1/prompts");
    }
  }

  private void noMoreSeriesAfter(int many) {
    ask(1, 10);
    Scrape few = scrape();
    ask(11, many);
    Scrape after = scrape();
    assertEquals(Set.of(), after.ownNewSince(few));
    assertTrue(
        after.samples().keySet().stream()
            .noneMatch(series -> series.contains("many-") || series.contains("MANY")));
    assertTrue(
        after.growth(ANSWERS, few).values().stream().mapToDouble(x -> x).sum() > 3 * (many - 10));
  }

  @Test
  void hundredsOfPersonsAndPathsAddNoSeries() {
    noMoreSeriesAfter(200);
  }

  @Test
  @Tag("exhaustive")
  void tenThousandPersonsAndPathsAddNoSeries() {
    noMoreSeriesAfter(10_000);
  }
}
