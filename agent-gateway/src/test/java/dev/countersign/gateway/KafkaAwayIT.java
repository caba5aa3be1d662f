package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.kafka.Sender;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.ToolCall;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kafka away: soon a clear answer, and all is well again by itself. */
@QuarkusTest
@Tag("full")
class KafkaAwayIT extends GatewayTestBase {
  @Inject Sender sender;
  @Inject Identity identity;

  @AfterEach
  void resume() {
    kafkaLink.resume();
  }

  @Test
  void aRequestGets503AndMayBeSentAgainWithTheSameId() {
    JsonPath session = startSession();
    String id = UUID.randomUUID().toString();
    kafkaLink.freeze();
    as(session.getString("sessionToken"))
        .header("Idempotency-Key", id)
        .header("Prefer", "wait=600")
        .body(bash("ls"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(503)
        .header("Retry-After", "1")
        .body("code", equalTo("kafka_unavailable"))
        .time(lessThan(300_000L));
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(503)
        .body("checks.find { it.name == 'kafka' }.status", equalTo("DOWN"));
    given().get("/q/health/live").then().statusCode(200);
    kafkaLink.resume();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                as(session.getString("sessionToken"))
                        .header("Idempotency-Key", id)
                        .header("Prefer", "wait=20")
                        .body(bash("ls"))
                        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
                        .statusCode()
                    == 200);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> given().get("/q/health/ready").statusCode() == 200);
  }

  /** Whoever sends gives up after seconds; what was sent stays in memory for longer. */
  @Test
  void largeRecordsFillNoMemoryMeanwhileAndAreTakenAgainAfterwards() {
    JsonPath session = startSession();
    String sessionId = session.getString("sessionId");
    Caller agent = identity.caller(List.of("Bearer " + session.getString("sessionToken")));
    kafkaLink.freeze();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    while (sent.isEmpty() || !sent.get(sent.size() - 1).isDone()) {
      assertTrue(sent.size() < 64, "64 MiB wait");
      sent.add(sendLarge(sessionId, agent));
    }
    assertTrue(sent.size() > 2, "what fits is tried: " + sent.size());
    sent.forEach(
        one ->
            assertEquals(
                "kafka_unavailable",
                assertInstanceOf(
                        ProblemException.class,
                        assertThrows(CompletionException.class, one::join).getCause())
                    .problem()
                    .code()));
    kafkaLink.resume();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> sendLarge(sessionId, agent).handle((ok, no) -> no == null).join());
  }

  private CompletableFuture<Void> sendLarge(String sessionId, Caller agent) {
    String id = UUID.randomUUID().toString();
    ToolCall call =
        new ToolCall(
            "Bash",
            Json.mapper().createObjectNode().put("command", "x".repeat(1_000_000)),
            "/proj",
            "/home/u",
            null,
            null);
    return sender.sendAsAgent(
        new PermissionRequest("default", sessionId, id, null, call, null, null, null), id, agent);
  }
}
