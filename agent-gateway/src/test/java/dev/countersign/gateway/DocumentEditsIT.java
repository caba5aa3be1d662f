package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An agent's edit of its user's document is a request, and its answer what the decision says. */
@QuarkusTest
class DocumentEditsIT extends GatewayTestBase {
  private static final String DOCUMENT = "/v1/users/{user}/permissions";

  private static Map<String, String> edit(String newText) {
    return Map.of("oldText", "x", "newText", newText);
  }

  private ValidatableResponse patch(JsonPath session, String newText) {
    return as(session.getString("sessionToken"))
        .body(edit(newText))
        .patch(DOCUMENT, "alice")
        .then();
  }

  @Test
  void whatIsStoredComesBackAsTheDocumentNow() {
    JsonPath session = startSession();
    String id = "r-" + UUID.randomUUID();
    as(session.getString("sessionToken"))
        .header("Idempotency-Key", id)
        .header("If-Match", "\"7\"")
        .body(edit("fine"))
        .patch(DOCUMENT, "alice")
        .then()
        .statusCode(200)
        .header("ETag", "\"7\"")
        .body("method", equalTo("GET"));
    var call = peer.state().asked(session.getString("sessionId"), id).request().toolCall();
    assertEquals("edit_permissions", call.tool());
    JsonNode input = call.input();
    assertEquals("x", input.path("oldText").asText());
    assertEquals("fine", input.path("newText").asText());
    assertEquals(7, input.path("version").asInt());
  }

  @Test
  void aPersonsEditGoesToTheStore() {
    as(alice())
        .body(edit("fine"))
        .patch(DOCUMENT, "alice")
        .then()
        .statusCode(200)
        .body("method", equalTo("PATCH"));
  }

  @Test
  void whileAPersonIsAskedTheEditCanBeFollowed() {
    JsonPath session = startSession();
    patch(session, "ASK me")
        .statusCode(202)
        .header("Location", startsWith("/v1/requests/"))
        .body("state", equalTo("asked"));
  }

  @ParameterizedTest
  @CsvSource({
    "DENY, 403, denied",
    "CODE text_not_found, 409, text_not_found",
    "CODE ambiguous, 409, ambiguous",
    "CODE version_conflict, 412, version_conflict",
    "CODE invalid_document, 422, invalid_document",
    "CODE malformed_json, 400, malformed_json",
    "CODE too_large, 413, too_large",
    "CODE override_not_stored, 503, override_not_stored",
    "BAD, 422, invalid_request"
  })
  void whatIsNotStoredIsAProblemWithItsDecision(String newText, int status, String code) {
    ValidatableResponse response =
        patch(startSession(), newText)
            .statusCode(status)
            .contentType("application/problem+json")
            .body("code", equalTo(code))
            .body("decision.effect", equalTo("deny"));
    if (status == 412) {
      response.header("ETag", "\"7\"");
    }
  }

  @Test
  void aWholeDocumentNamesTheVersionItReplaces() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .body("{}")
        .put(DOCUMENT, "alice")
        .then()
        .statusCode(428)
        .body("code", equalTo("if_match_required"));
    as(session.getString("sessionToken"))
        .header("If-Match", "7")
        .body("{}")
        .put(DOCUMENT, "alice")
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_request"));
    String id = "r-" + UUID.randomUUID();
    as(session.getString("sessionToken"))
        .header("Idempotency-Key", id)
        .header("If-Match", "\"3\"")
        .body("{ }")
        .put("/v1/users/{user}/documents/Permissions.JSON", "alice")
        .then()
        .statusCode(200);
    JsonNode input =
        peer.state().asked(session.getString("sessionId"), id).request().toolCall().input();
    assertEquals("{ }", input.path("document").asText());
    assertEquals(3, input.path("version").asInt());
  }

  @Test
  void anAgentEditsOnlyForItsOwnUser() {
    as(startSession().getString("sessionToken"))
        .body(edit("fine"))
        .patch(DOCUMENT, "bob")
        .then()
        .statusCode(403)
        .body("code", equalTo("not_authorised"));
  }

  @Test
  void anEditNeedsBothTexts() {
    as(startSession().getString("sessionToken"))
        .body(Map.of("oldText", "x"))
        .patch(DOCUMENT, "alice")
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_request"))
        .body("errors[0].field", equalTo("newText"));
  }

  @Test
  void thereIsOneDocument() {
    as(alice())
        .get("/v1/users/{user}/documents/{name}", "alice", "notes.json")
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_document"));
    as(alice())
        .get("/v1/users/{user}/documents/{name}", "alice", "permissions.json")
        .then()
        .statusCode(200)
        .body("uri", equalTo("/internal/users/alice/permissions"));
  }

  @Test
  void agentsAreToldWhatTheSystemSavesByItself() {
    given()
        .get("/v1/agents/permissions.md")
        .then()
        .statusCode(200)
        .contentType(startsWith("text/markdown"))
        .body(containsString("saved by the system"))
        .body(containsString("Do not edit the document for it"));
  }
}
