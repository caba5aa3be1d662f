package dev.countersign.gateway;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.CallFinished;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Asking, waiting, answering and cancelling, over real Kafka. */
@QuarkusTest
class RequestsIT extends GatewayTestBase {
  @Test
  void anAllowedCallGetsItsDecisionAtOnce() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .body(bash("ls"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(200)
        .body("effect", equalTo("allow"))
        .body("decidedBy", equalTo("mode"))
        .body("digest", notNullValue());
  }

  @Test
  void askingAgainWithTheSameIdGetsTheSameDecisionAndAnotherCallIsRefused() {
    JsonPath session = startSession();
    String id = UUID.randomUUID().toString();
    String first = ask(session, id, "DENY this");
    assertEquals(first, ask(session, id, "DENY this"));
    as(session.getString("sessionToken"))
        .header("Idempotency-Key", id)
        .body(bash("something else"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("code", equalTo("request_id_reused"))
        .body("decision.effect", equalTo("deny"));
  }

  @Test
  void theEndOfACallIsTakenFromItsOwnAgentOnly() {
    JsonPath session = startSession();
    String token = session.getString("sessionToken");
    String id = "r-" + UUID.randomUUID();
    as(token)
        .header("Idempotency-Key", id)
        .body(bash("ls"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(200);
    as(token)
        .body(Map.of("result", "failed"))
        .post("/v1/requests/{id}/finished", id)
        .then()
        .statusCode(202);
    await()
        .until(
            () ->
                peer.state().finished().stream()
                    .anyMatch(
                        f -> f.requestId().equals(id) && f.result() == CallFinished.Result.FAILED));
    as(token).post("/v1/requests/{id}/finished", id).then().statusCode(202);
    as(token)
        .body(Map.of("result", "well"))
        .post("/v1/requests/{id}/finished", id)
        .then()
        .statusCode(400);
    as(token)
        .post("/v1/requests/{id}/finished", "nowhere")
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_request"));
    String denied = UUID.randomUUID().toString();
    ask(session, denied, "DENY this");
    as(token)
        .post("/v1/requests/{id}/finished", denied)
        .then()
        .statusCode(409)
        .body("code", equalTo("not_running"));
    as(alice()).post("/v1/requests/{id}/finished", id).then().statusCode(403);
    as(startSession().getString("sessionToken"))
        .queryParam("sessionId", session.getString("sessionId"))
        .post("/v1/requests/{id}/finished", id)
        .then()
        .statusCode(403)
        .body("code", equalTo("not_your_session"));
  }

  private String ask(JsonPath session, String id, String command) {
    return as(session.getString("sessionToken"))
        .header("Idempotency-Key", id)
        .body(bash(command))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(200)
        .body("effect", equalTo("deny"))
        .extract()
        .asString();
  }

  @Test
  void aPersonIsAskedAndTheLongPollEndsWithTheAnswer() {
    JsonPath session = startSession();
    String id = "r-" + UUID.randomUUID();
    String location =
        as(session.getString("sessionToken"))
            .header("Idempotency-Key", id)
            .body(bash("ASK me"))
            .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
            .then()
            .statusCode(202)
            .header("Location", startsWith("/v1/requests/" + id))
            .body("state", equalTo("asked"))
            .body("promptId", notNullValue())
            .extract()
            .header("Location");
    CompletableFuture<JsonPath> waiting =
        CompletableFuture.supplyAsync(
            () ->
                as(session.getString("sessionToken"))
                    .header("Prefer", "wait=30")
                    .urlEncodingEnabled(false)
                    .get(location)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath(),
            IN_A_THREAD);
    String prompt = peer.state().openPrompts(session.getString("sessionId")).get(0);
    as(alice())
        .body(Map.of("optionId", "allow-once", "feedback", "go on"))
        .post("/v1/prompts/{id}/answer", prompt)
        .then()
        .statusCode(200)
        .body("outcome", equalTo("accepted"))
        .body("decision.user", equalTo("alice"));
    JsonPath decision = waiting.join();
    assertEquals("allow", decision.getString("effect"));
    assertEquals("alice", decision.getString("user"));

    as(keys.personToken("bob", "admin"))
        .body(Map.of("optionId", "reject-once", "digest", decision.getString("digest")))
        .post("/v1/prompts/{id}/answer", prompt)
        .then()
        .statusCode(409)
        .body("code", equalTo("already_decided"))
        .body("detail", containsString("allowed (alice)"))
        .body("decision.user", equalTo("alice"));
  }

  @Test
  void aSessionTokenCannotAnswer() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .body(bash("ASK me"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(202);
    String prompt = peer.state().openPrompts(session.getString("sessionId")).get(0);
    as(session.getString("sessionToken"))
        .body(Map.of("optionId", "allow-once"))
        .post("/v1/prompts/{id}/answer", prompt)
        .then()
        .statusCode(403)
        .body("code", equalTo("agents_cannot_answer"));
  }

  @Test
  void wrongAnswersAreRefusedPrecisely() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .body(bash("ASK me"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"));
    String prompt = peer.state().openPrompts(session.getString("sessionId")).get(0);
    answer(prompt, Map.of("optionId", "allow-forever"), 422, "unknown_option");
    answer(prompt, Map.of("optionId", "allow-once", "digest", "0".repeat(64)), 409, "stale_prompt");
    answer("p-nowhere", Map.of("optionId", "allow-once"), 404, "unknown_prompt");
    answer(prompt, Map.of("feedback", "no option"), 400, "invalid_request");
  }

  private void answer(String prompt, Map<String, ?> body, int status, String code) {
    as(alice())
        .body(body)
        .post("/v1/prompts/{id}/answer", prompt)
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("code", equalTo(code));
  }

  @Test
  void aLostReplyIsReadOverHttp() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .header("Prefer", "wait=20")
        .body(bash("MUTE"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(200)
        .body("effect", equalTo("allow"));
  }

  @Test
  void whatNobodyDecidesInTimeIsPendingAndCanBeWithdrawn() {
    JsonPath session = startSession();
    String id = "r-" + UUID.randomUUID();
    as(session.getString("sessionToken"))
        .header("Prefer", "wait=1")
        .header("Idempotency-Key", id)
        .body(bash("LOST"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(202)
        .body("state", equalTo("pending"));
    as(session.getString("sessionToken"))
        .delete("/v1/requests/{id}", id)
        .then()
        .statusCode(200)
        .body("decidedBy", equalTo("cancelled"))
        .body("code", equalTo("cancelled"));
    await().until(() -> peer.state().decision(session.getString("sessionId"), id) != null);
  }

  /** The reading would take for ever: the answer below shows that nobody waits for it. */
  @Test
  void withWhatIsStoredOutOfReachAWaitEndsWith503() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .header("Prefer", "wait=3")
        .body(bash("FROZEN MUTE"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("approval_unavailable"));
    as(session.getString("sessionToken"))
        .header("Prefer", "wait=10")
        .body(bash("FROZEN ASK"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(202)
        .body("state", equalTo("asked"));
    as(session.getString("sessionToken"))
        .header("Prefer", "wait=2")
        .header("Idempotency-Key", "frozen")
        .body(bash("FROZEN MUTE"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"));
    as(session.getString("sessionToken"))
        .header("Prefer", "wait=2")
        .get("/v1/requests/frozen")
        .then()
        .statusCode(503)
        .body("code", equalTo("approval_unavailable"));
    peer.state().thaw();
  }

  @Test
  void anUnknownRequestIs404() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .get("/v1/requests/{id}", "nobody-asked")
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_request"));
  }

  @Test
  void whatCannotBeDecidedIsAProblem() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .body(bash("BAD"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(422)
        .body("code", equalTo("invalid_request"))
        .body("decision.effect", equalTo("deny"));
  }

  @Test
  void aTokenOfAnotherSessionCannotAsk() {
    as(startSession().getString("sessionToken"))
        .body(bash("ls"))
        .post("/v1/sessions/{id}/requests", startSession().getString("sessionId"))
        .then()
        .statusCode(403)
        .body("code", equalTo("not_your_session"));
    as(alice())
        .body(bash("ls"))
        .post("/v1/sessions/{id}/requests", "s-1")
        .then()
        .statusCode(403)
        .body("code", equalTo("wrong_type"));
  }

  @Test
  void everyCredentialTheGatewaySentWasGood() {
    assertEquals(List.of(), peer.refused());
  }
}
