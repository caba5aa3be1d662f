package dev.countersign.approval;

import static dev.countersign.approval.World.call;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.kafka.Batches;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.requests.RequestBatch;
import dev.countersign.embedded.Scrape;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.PermissionRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** However many users, sessions, tools and reply topics there are, there are no more series. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class MetricsSeriesIT {
  private static final int BATCH = 200;

  private final World world = World.get();
  @Inject Batches batches;
  @Inject RequestBatch work;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @AfterEach
  void noneIsLeft() {
    Hold.run("UPDATE session SET closed_at = clock_timestamp() WHERE id LIKE 'many-%'");
  }

  private void sessions(int from, int to) {
    Hold.run(
        """
        INSERT INTO session (tenant, id, owner, path, settings, mode_source, version)
        SELECT 'default', 'many-session-' || n, 'many-user-' || n, '{}',
          '{"permissionMode":"dontAsk"}', 'session', 1
        FROM generate_series(%d, %d) n ON CONFLICT DO NOTHING
        """
            .formatted(from, to));
  }

  private InboundRecord record(int n) {
    String session = "many-session-" + n;
    String topic = "permission.replies.many-" + n;
    PermissionRequest request =
        World.request(session, World.id("many"), call("many-tool-" + n, Map.of("n", n)));
    String token = world.keys.sessionToken(session, "many-user-" + n, "many-" + n, List.of(topic));
    return World.record(
        request, 3_000_000 + n, Map.of(Headers.TOKEN, token, Headers.REPLY_TOPIC, topic));
  }

  /** Requests of that many users, each with a tool and a reply topic of its own. */
  private void ask(int from, int to) {
    sessions(from, to);
    for (int first = from; first <= to; first += BATCH) {
      List<InboundRecord> records =
          IntStream.rangeClosed(first, Math.min(to, first + BATCH - 1))
              .mapToObj(this::record)
              .toList();
      batches.all("requests", records, work, Instant.now());
      given()
          .header("Authorization", "Bearer " + world.keys.personToken("many-user-" + first))
          .get("/internal/sessions/many-session-" + first)
          .then()
          .statusCode(200);
    }
  }

  private void noMoreSeriesAfter(int many) {
    ask(1, 10);
    Scrape few = Scrape.of(metrics);
    double before = decisions(few);
    ask(11, many);
    Awaitility.await()
        .untilAsserted(() -> assertEquals(many - 10, decisions(Scrape.of(metrics)) - before));
    Scrape after = Scrape.of(metrics);
    assertEquals(Set.of(), after.ownNewSince(few));
    assertTrue(after.samples().keySet().stream().noneMatch(series -> series.contains("many-")));
  }

  private static double decisions(Scrape scrape) {
    return scrape.samples().entrySet().stream()
        .filter(series -> series.getKey().startsWith("countersign_decisions_total{"))
        .filter(series -> series.getKey().contains("mode=\"dontAsk\""))
        .mapToDouble(Map.Entry::getValue)
        .sum();
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
