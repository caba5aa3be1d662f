package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What bad input gets. */
@QuarkusTest
class ProblemsIT extends GatewayTestBase {
  private static ValidatableResponse problem(
      ValidatableResponse response, int status, String code) {
    return response
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status))
        .body("code", equalTo(code))
        .body("type", equalTo("urn:countersign:problem:" + code));
  }

  @Test
  void withoutAGoodTokenThereIsAChallenge() {
    problem(given().get("/v1/prompts").then(), 401, "missing_token")
        .header("WWW-Authenticate", startsWith("Bearer"));
    problem(as("x.y.z").get("/v1/prompts").then(), 401, "malformed_token");
    problem(as(alice() + "x").get("/v1/prompts").then(), 401, "bad_signature")
        .header("WWW-Authenticate", containsString("invalid_token"));
    problem(
        given().header("Authorization", "Basic abc").get("/v1/prompts").then(),
        401,
        "malformed_token");
    String old =
        keys.personToken("alice", List.of(), Instant.now().minusSeconds(7200), Duration.ofHours(1));
    problem(as(old).get("/v1/prompts").then(), 401, "expired_token");
    problem(
        given().queryParam("access_token", alice()).get("/v1/events").then(), 401, "missing_token");
  }

  @Test
  void malformedJsonIsNamedByLineAndColumn() {
    problem(
            as(alice()).body("{\n  \"sessionId\": }").post("/v1/sessions").then(),
            400,
            "malformed_json")
        .body("detail", containsString("line 2, column"));
    problem(
        as(alice()).body("{\"a\":1,\"a\":2}").post("/v1/sessions").then(), 400, "malformed_json");
    problem(
        as(alice())
            .body("{\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}")
            .post("/v1/sessions")
            .then(),
        400,
        "malformed_json");
    problem(
            as(alice()).body("{\"headless\":\"yes\"}").post("/v1/sessions").then(),
            400,
            "invalid_setting")
        .body("errors[0].field", equalTo("headless"));
  }

  @Test
  void whatIsTooLargeIsRefused() {
    String large = "{\"reason\":\"" + "x".repeat(1024 * 1024) + "\"}";
    problem(as(alice()).body(large).post("/v1/sessions").then(), 413, "too_large");
  }

  @Test
  void wrongAddressesMethodsAndTypesAreNamed() {
    problem(as(alice()).get("/v1/nothing").then(), 404, "not_found");
    problem(as(alice()).put("/v1/prompts").then(), 405, "method_not_allowed");
    problem(
        given()
            .header("Authorization", "Bearer " + alice())
            .contentType("text/plain")
            .body("x")
            .post("/v1/sessions")
            .then(),
        415,
        "unsupported_media_type");
  }

  @Test
  void unknownModesAreRefusedWithTheValidOnes() {
    for (String mode : List.of("Bypass", "acceptedits", "DEFAULT", "yolo", "")) {
      problem(
              as(alice()).body(Map.of("permissionMode", mode)).post("/v1/sessions").then(),
              400,
              "invalid_setting")
          .body(
              "detail",
              startsWith(
                  "permissionMode must be one of plan, dontAsk, default, acceptEdits, auto,"
                      + " bypassPermissions, not \"%s\"".formatted(mode)))
          .body("errors[0].field", equalTo("permissionMode"));
    }
    JsonPath session = startSession();
    problem(
        as(session.getString("sessionToken"))
            .body(
                Map.of(
                    "claimedMode", "Plan", "toolCall", Map.of("tool", "Bash", "input", Map.of())))
            .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
            .then(),
        400,
        "invalid_mode");
  }

  @Test
  void idsAndFieldsAreCheckedByName() {
    JsonPath session = startSession();
    problem(
            as(session.getString("sessionToken"))
                .body("{}")
                .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
                .then(),
            400,
            "invalid_request")
        .body("errors[0].field", equalTo("toolCall"));
    problem(
            as(session.getString("sessionToken"))
                .header("Idempotency-Key", "has a space")
                .body(bash("ls"))
                .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
                .then(),
            400,
            "invalid_request")
        .body("errors[0].field", equalTo("requestId"));
  }
}
