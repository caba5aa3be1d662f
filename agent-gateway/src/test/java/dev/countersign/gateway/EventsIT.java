package dev.countersign.gateway;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.Digest;
import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.ToolCall;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The stream of a person's inbox. */
@QuarkusTest
class EventsIT extends GatewayTestBase {
  private static final class Stream implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<HttpResponse<java.util.stream.Stream<String>>> response;
    private final Thread reader;

    Stream(String token, String query, String lastEventId) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/events" + query))
              .header("Authorization", "Bearer " + token);
      if (lastEventId != null) {
        request.header("Last-Event-ID", lastEventId);
      }
      response =
          HttpClient.newHttpClient()
              .sendAsync(request.build(), HttpResponse.BodyHandlers.ofLines());
      reader =
          new Thread(
              () -> {
                try {
                  response.join().body().forEach(lines::add);
                } catch (RuntimeException closed) {
                  // the test is over
                }
              });
      reader.start();
    }

    int status() {
      return response.join().statusCode();
    }

    int count(String text) {
      return (int) lines.stream().filter(line -> line.contains(text)).count();
    }

    String lastId() {
      String last = "";
      for (String line : lines) {
        last = line.startsWith("id:") ? line.substring(3).strip() : last;
      }
      return last;
    }

    @Override
    public void close() {
      response.join().body().close();
    }
  }

  private String ask(JsonPath session) {
    return as(session.getString("sessionToken"))
        .body(bash("ASK"))
        .post("/v1/sessions/{id}/requests", session.getString("sessionId"))
        .then()
        .statusCode(202)
        .extract()
        .jsonPath()
        .getString("promptId");
  }

  @Test
  void aPersonSeesTheirPromptsAndDecisionsAndNobodyElseDoes() {
    JsonPath session = startSession();
    try (Stream alice = new Stream(alice(), "", null);
        Stream bob = new Stream(keys.personToken("bob", "approver"), "", null);
        Stream admin = new Stream(keys.personToken("root", "admin"), "", null)) {
      await().until(() -> alice.count("ready") + bob.count("ready") + admin.count("ready") == 3);
      String prompt = ask(session);
      await().until(() -> alice.count(prompt) == 1 && admin.count(prompt) == 1);
      as(alice())
          .body(Map.of("optionId", "reject-once"))
          .post("/v1/prompts/{id}/answer", prompt)
          .then()
          .statusCode(200);
      await().until(() -> alice.count(prompt) == 2);
      assertEquals(0, bob.count(prompt));
    }
  }

  @Test
  void whatWasMissedIsReplayedOnce() {
    JsonPath session = startSession();
    String id;
    try (Stream alice = new Stream(alice(), "", null)) {
      await().until(() -> alice.count("ready") == 1);
      String seen = ask(session);
      await().until(() -> alice.count(seen) == 1);
      id = alice.lastId();
    }
    String missed = ask(session);
    try (Stream again = new Stream(alice(), "", id)) {
      await().until(() -> again.count(missed) == 1);
      assertEquals(1, again.count("event:inbox.changed"));
    }
  }

  @Test
  void nothingThatARecordClaimsOfAPromptIsShown() {
    JsonPath session = startSession();
    try (Stream alice = new Stream(alice(), "", null)) {
      await().until(() -> alice.count("ready") == 1);
      String prompt = ask(session);
      for (InboxEvent.State state : InboxEvent.State.values()) {
        peer.send(forged(session, prompt, state), null);
      }
      await().until(() -> alice.count(prompt) == 4);
      for (String claim : List.of("Forged", "rm -rf", "allow-once", "ended", "\"rev\"")) {
        assertEquals(0, alice.count(claim), alice.lines.toString());
      }
      as(alice())
          .get("/v1/prompts/{id}", prompt)
          .then()
          .statusCode(200)
          .body("state", equalTo("open"))
          .body("prompt.toolCall.input.command", equalTo("ASK"));
    }
  }

  @Test
  void nothingOfARecordIsKeptButItsIds() {
    JsonPath session = startSession();
    try (Stream alice = new Stream(alice(), "", null)) {
      await().until(() -> alice.count("ready") == 1);
      String prompt = ask(session);
      for (int i = 0; i < 50; i++) {
        peer.send(forged(session, prompt, InboxEvent.State.OPEN), null);
      }
      await().until(() -> alice.count(prompt) == 51);
      // What the consumer reads at once it keeps until it reads again.
      await().atMost(Duration.ofSeconds(60)).until(() -> Living.count(InboxEvent.class) <= 2);
    }
  }

  private static InboxEvent forged(JsonPath session, String prompt, InboxEvent.State state) {
    String sessionId = session.getString("sessionId");
    ToolCall call =
        new ToolCall(
            "Bash", Json.readTree("{\"command\":\"rm -rf ~\"}".getBytes()), null, null, null, null);
    PromptState shown =
        new PromptState(
            "default",
            prompt,
            sessionId,
            "r-forged",
            "alice",
            9,
            PromptState.State.OPEN,
            call,
            Digest.of(call),
            "Forged.",
            List.of(
                new PromptOption(
                    "allow-once",
                    PromptOption.Kind.ALLOW_ONCE,
                    "Forged: reject",
                    PromptOption.Scope.ONCE,
                    null,
                    null)),
            Instant.now(),
            null,
            null);
    return new InboxEvent(
        "default",
        "alice",
        prompt,
        sessionId,
        "r-forged",
        9,
        state,
        state == InboxEvent.State.ENDED ? null : shown,
        null);
  }

  @Test
  void whatCannotBeResumedIsReadAgain() {
    for (String unknown : List.of("12/0:1", "6/0:1,1:1,2:1,3:1,4:1,5:900000", "nonsense")) {
      try (Stream alice = new Stream(alice(), "", unknown)) {
        await().until(() -> alice.count("event:resync") == 1);
        await().until(() -> alice.count("too_old") == 1);
        await().until(() -> alice.lastId().startsWith("6/0:"));
      }
    }
  }

  @Test
  void aPersonHasSixteenStreamsAndNoMore() {
    String carol = keys.personToken("carol", "approver");
    List<Stream> open = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      open.add(new Stream(carol, "", null));
    }
    assertEquals(16, open.stream().filter(stream -> stream.status() == 200).count());
    assertEquals(34, open.stream().filter(stream -> stream.status() == 429).count());
    as(carol)
        .get("/v1/events")
        .then()
        .statusCode(429)
        .header("Retry-After", "1")
        .body("code", equalTo("too_many_requests"));
    try (Stream alice = new Stream(alice(), "", null)) {
      await().until(() -> alice.count("ready") == 1);
    }
    Stream first = open.stream().filter(stream -> stream.status() == 200).findFirst().get();
    first.close();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              Stream next = new Stream(carol, "", null);
              open.add(next);
              return next.status() == 200;
            });
    as(carol).get("/v1/events").then().statusCode(429);
    open.forEach(Stream::close);
  }

  @Test
  void whoLeavesAtWhateverMomentTakesNoPlaceAlong() throws Exception {
    String dora = keys.personToken("dora", "approver");
    byte[] request = rawGet("/v1/events", dora);
    for (int i = 0; i < 100; i++) {
      try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
        socket.getOutputStream().write(request);
        if (i % 2 == 0) {
          socket.getInputStream().read();
        }
        if (i % 4 < 2) {
          socket.setSoLinger(true, 0);
        }
      }
    }
    List<Stream> open = new ArrayList<>();
    while (open.size() < 16) {
      Stream next =
          await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> new Stream(dora, "", null), stream -> stream.status() == 200);
      open.add(next);
    }
    open.forEach(Stream::close);
  }

  @Test
  void anotherPersonsInboxIsClosed() {
    as(alice())
        .get("/v1/events?viewer=bob")
        .then()
        .statusCode(403)
        .body("code", equalTo("not_yours"));
    as(startSession().getString("sessionToken")).get("/v1/events").then().statusCode(403);
  }
}
