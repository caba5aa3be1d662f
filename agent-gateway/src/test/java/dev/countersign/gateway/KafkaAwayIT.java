package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kafka away: soon a clear answer, and all is well again by itself. */
@QuarkusTest
@Tag("full")
class KafkaAwayIT extends GatewayTestBase {
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
        .header("Prefer", "wait=60")
        .body(bash("ls"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(503)
        .header("Retry-After", "1")
        .body("code", equalTo("kafka_unavailable"))
        .time(lessThan(12_000L));
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
}
