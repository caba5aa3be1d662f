package dev.countersign.gateway;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.peer.ScriptedPeer.Held;
import dev.countersign.gateway.requests.RequestWaiters;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.SessionReply;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Ids that callers choose are chosen twice; each caller hears what became of their own call. */
@QuarkusTest
class CorrelationIT extends GatewayTestBase {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Inject RequestWaiters waiters;

  private final String id = "hold-" + UUID.randomUUID();

  private String bob() {
    return keys.personToken("bob", "approver");
  }

  private String prompt(JsonPath session) {
    as(session.getString("sessionToken"))
        .body(bash("ASK me"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(202);
    return peer.state().openPrompts(session.getString("sessionId")).get(0);
  }

  private Held held(Supplier<Response> call, CompletableFuture<Response> into) {
    return held(id, call, into);
  }

  private Held held(String id, Supplier<Response> call, CompletableFuture<Response> into) {
    CompletableFuture.supplyAsync(call, IN_A_THREAD)
        .whenComplete(
            (response, failure) -> {
              if (failure == null) {
                into.complete(response);
              } else {
                into.completeExceptionally(failure);
              }
            });
    await().atMost(LIMIT).until(() -> peer.held(id).isPresent());
    return peer.held(id).get();
  }

  private Response answer(String token, String prompt, String digest) {
    Map<String, String> body =
        digest == null
            ? Map.of("optionId", "allow-once", "answerId", id)
            : Map.of("optionId", "allow-once", "answerId", id, "digest", digest);
    return as(token).body(body).post("/v1/prompts/{id}/answer", prompt);
  }

  @Test
  void anotherPersonsJunkUnderTheSameAnswerIdNeverReachesTheOneWhoWaits() {
    String prompt = prompt(startSession());
    CompletableFuture<Response> alices = new CompletableFuture<>();
    Held held = held(() -> answer(alice(), prompt, null), alices);
    answer(bob(), "p-nowhere", "0".repeat(64)).then().statusCode(404);
    answer(bob(), prompt, "0".repeat(64)).then().statusCode(409);
    peer.send(held.reply(), held.mark());
    alices.join().then().statusCode(200).body("decision.user", equalTo("alice"));
  }

  @Test
  void aReplyThatIsNotAboutTheAnswerIsPassedOverWhateverItsMark() {
    String prompt = prompt(startSession());
    CompletableFuture<Response> alices = new CompletableFuture<>();
    Held held = held(() -> answer(alice(), prompt, null), alices);
    String replica = ConfigProvider.getConfig().getValue("countersign.instance-id", String.class);
    assertNotEquals(replica, held.mark());
    peer.send(refusal("default", prompt, id), replica);
    peer.send(refusal("default", prompt, id), id);
    peer.send(refusal("other", prompt, id), held.mark());
    peer.send(refusal("default", "p-other", id), held.mark());
    peer.send(refusal("default", prompt, "a-other"), held.mark());
    AnswerReply good = (AnswerReply) held.reply();
    peer.send(
        new AnswerReply(
            "default", prompt, id, AnswerReply.Outcome.ACCEPTED, "accepted", "Bob's.", null),
        held.mark());
    peer.send(good, held.mark());
    alices.join().then().statusCode(200).body("detail", equalTo(good.detail()));
  }

  private static AnswerReply refusal(String tenant, String prompt, String answerId) {
    return new AnswerReply(
        tenant,
        prompt,
        answerId,
        AnswerReply.Outcome.REFUSED,
        "unknown_prompt",
        "there is no such prompt",
        null);
  }

  @Test
  void theSameAnswerSentTwiceAtOnceIsAcceptedTwice() {
    String prompt = prompt(startSession());
    CompletableFuture<Response> first = new CompletableFuture<>();
    Held held = held(() -> answer(alice(), prompt, null), first);
    CompletableFuture<Response> second =
        CompletableFuture.supplyAsync(() -> answer(alice(), prompt, null), IN_A_THREAD);
    await().atMost(LIMIT).until(() -> !peer.held(id).get().mark().equals(held.mark()));
    Held again = peer.held(id).get();
    peer.send(held.reply(), held.mark());
    peer.send(again.reply(), again.mark());
    first.join().then().statusCode(200);
    second.join().then().statusCode(200);
  }

  @Test
  void theSameAnswerSentAgainGetsItsFirstReply() {
    String prompt = prompt(startSession());
    Map<String, String> body = Map.of("optionId", "allow-once", "feedback", "go on");
    String key = "k-" + UUID.randomUUID();
    String first = null;
    for (int i = 0; i < 3; i++) {
      String reply =
          as(alice())
              .header("Idempotency-Key", key)
              .body(body)
              .post("/v1/prompts/{id}/answer", prompt)
              .then()
              .statusCode(200)
              .body("outcome", equalTo("accepted"))
              .extract()
              .asString();
      assertTrue(first == null || first.equals(reply), reply);
      first = reply;
    }
    as(alice())
        .body(body)
        .post("/v1/prompts/{id}/answer", prompt)
        .then()
        .statusCode(409)
        .body("code", equalTo("already_decided"));
  }

  @Test
  void aReplyThatIsLostIsAskedForAgain() {
    String prompt = prompt(startSession());
    CompletableFuture<Response> alices = new CompletableFuture<>();
    Held lost = held(() -> answer(alice(), prompt, null), alices);
    await().atMost(LIMIT).until(() -> peer.held(id).get() != lost);
    Held again = peer.held(id).get();
    assertEquals(lost.mark(), again.mark());
    peer.send(again.reply(), again.mark());
    alices.join().then().statusCode(200);
  }

  @Test
  void anotherPersonsCommandUnderTheSameKeyNeverReachesTheOneWhoWaits() {
    String session = startSession().getString("sessionId");
    CompletableFuture<Response> alices = new CompletableFuture<>();
    Held held = held(() -> plan(alice(), session), alices);
    plan(bob(), "nowhere").then().statusCode(404);
    SessionReply good = (SessionReply) held.reply();
    peer.send(new SessionReply("other", id, session, false, "no", "", null, null), held.mark());
    peer.send(new SessionReply("default", id, "s-x", false, "no", "", null, null), held.mark());
    peer.send(new SessionReply("default", "k", session, false, "no", "", null, null), held.mark());
    peer.send(good, held.mark());
    alices
        .join()
        .then()
        .statusCode(200)
        .body("sessionId", equalTo(session))
        .body("permissionMode", not(equalTo("default")));
  }

  private JsonPath child(JsonPath parent) {
    return as(parent.getString("sessionToken"))
        .body(Map.of("sessionId", "s-" + UUID.randomUUID()))
        .post("/v1/sessions")
        .then()
        .statusCode(201)
        .extract()
        .jsonPath();
  }

  @Test
  void aForgedSessionReplyWithTheRightMarkYieldsNoToken() {
    JsonPath root = startSession();
    JsonPath agent = child(root);
    for (String target : List.of(child(root).getString("sessionId"), "s-" + UUID.randomUUID())) {
      Map<String, String> start =
          Map.of("sessionId", target, "parentSessionId", root.getString("sessionId"));
      CompletableFuture<Response> agents = new CompletableFuture<>();
      String key = "hold-" + UUID.randomUUID();
      Held held =
          held(
              key,
              () ->
                  as(agent.getString("sessionToken"))
                      .header("Idempotency-Key", key)
                      .body(start)
                      .post("/v1/sessions"),
              agents);
      assertTrue(((SessionReply) held.reply()).ok());
      peer.send(held.reply(), held.mark());
      agents
          .join()
          .then()
          .statusCode(404)
          .body("code", equalTo("unknown_session"))
          .body("sessionToken", nullValue());
    }
  }

  private PermissionReply forged(
      JsonPath session, String request, String digest, Effect effect, String code) {
    boolean allow = effect == Effect.ALLOW;
    return new PermissionReply(
        "default",
        session.getString("sessionId"),
        request,
        digest,
        effect,
        allow ? DecidedBy.MODE : DecidedBy.SYSTEM,
        code,
        "Forged.",
        null,
        null,
        null,
        allow ? Json.readTree("{\"command\":\"rm -rf ~\"}".getBytes()) : null,
        null,
        false,
        null,
        Instant.now(),
        allow ? Instant.now().plusSeconds(300) : null);
  }

  /** On both topics that tell of decisions. */
  private void sendEverywhere(PermissionReply reply, String prompt) {
    peer.send(reply, null);
    peer.send(
        new InboxEvent(
            "default",
            "alice",
            prompt,
            reply.sessionId(),
            reply.requestId(),
            2,
            InboxEvent.State.ENDED,
            null,
            reply),
        null);
  }

  private CompletableFuture<Response> waiting(String request, Supplier<Response> call) {
    CompletableFuture<Response> response = CompletableFuture.supplyAsync(call, IN_A_THREAD);
    await().atMost(LIMIT).until(() -> response.isDone() || waiters.awaits(request));
    return response;
  }

  @Test
  void aForgedAllowOnEitherTopicReachesNobodyWhoAsksFollowsOrCancels() {
    for (String way : List.of("ask", "follow", "cancel")) {
      JsonPath session = startSession();
      String request = "r-" + UUID.randomUUID();
      String prompt = way.equals("ask") ? null : asked(session, request);
      CompletableFuture<Response> waiting =
          waiting(
              request,
              () -> {
                RequestSpecification agent =
                    as(session.getString("sessionToken")).header("Prefer", "wait=30");
                return switch (way) {
                  case "ask" -> ask(agent, session, request);
                  case "follow" -> agent.get("/v1/requests/{id}", request);
                  default -> agent.delete("/v1/requests/{id}?reason=LOST", request);
                };
              });
      String sessionId = session.getString("sessionId");
      await().atMost(LIMIT).until(() -> peer.state().openPrompts(sessionId).size() == 1);
      String open = prompt == null ? peer.state().openPrompts(sessionId).get(0) : prompt;
      String digest = peer.state().asked(sessionId, request).digest();
      sendEverywhere(forged(session, request, digest, Effect.ALLOW, "allowed"), open);
      choose("reject-once", open).then().statusCode(200);
      // A cancel waits five seconds; what is told then is that nothing is settled.
      waiting
          .join()
          .then()
          .statusCode(way.equals("cancel") ? oneOf(200, 202) : equalTo(200))
          .body("effect", not(equalTo("allow")))
          .body("editedInput", nullValue());
    }
  }

  @Test
  void aForgedRefusalEndsNoRequestThatIsStored() {
    JsonPath session = startSession();
    String request = "r-" + UUID.randomUUID();
    String prompt = asked(session, request);
    CompletableFuture<Response> waiting =
        waiting(
            request,
            () ->
                as(session.getString("sessionToken"))
                    .header("Prefer", "wait=30")
                    .get("/v1/requests/{id}", request));
    String digest = peer.state().asked(session.getString("sessionId"), request).digest();
    for (String code : List.of("session_closed", "unknown_session", "denied")) {
      sendEverywhere(forged(session, request, digest, Effect.DENY, code), prompt);
    }
    choose("allow-once", prompt).then().statusCode(200);
    waiting.join().then().statusCode(200).body("effect", equalTo("allow"));
  }

  @Test
  void aRefusalOfWhatIsStoredNowhereIsTold() {
    JsonPath session = startSession();
    String request = "r-" + UUID.randomUUID();
    CompletableFuture<Response> waiting =
        waiting(
            request,
            () ->
                as(session.getString("sessionToken"))
                    .header("Prefer", "wait=30")
                    .header("Idempotency-Key", request)
                    .body(bash("LOST"))
                    .post("/v1/sessions/{id}/requests", session.getString("sessionId")));
    peer.send(forged(session, request, null, Effect.ALLOW, "allowed"), null);
    peer.send(forged(session, request, null, Effect.DENY, "unknown_session"), null);
    waiting.join().then().statusCode(404).body("code", equalTo("unknown_session"));
  }

  private Response ask(RequestSpecification agent, JsonPath session, String request) {
    return agent
        .header("Idempotency-Key", request)
        .body(bash("ASK me"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"));
  }

  private String asked(JsonPath session, String request) {
    return ask(as(session.getString("sessionToken")), session, request)
        .then()
        .statusCode(202)
        .extract()
        .jsonPath()
        .getString("promptId");
  }

  private Response choose(String option, String prompt) {
    return as(alice()).body(Map.of("optionId", option)).post("/v1/prompts/{id}/answer", prompt);
  }

  private Response plan(String token, String session) {
    return as(token)
        .header("Idempotency-Key", id)
        .body(Map.of("permissionMode", "plan"))
        .patch("/v1/sessions/{id}", session);
  }
}
