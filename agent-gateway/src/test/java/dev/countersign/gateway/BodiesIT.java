package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.bodies.BodyBudget;
import dev.countersign.gateway.hooks.ClaudeCodeEvent;
import dev.countersign.protocol.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bodies are counted as they come, from callers who are known before the first byte. */
@QuarkusTest
class BodiesIT extends GatewayTestBase {
  private static final byte[] CHUNK = chunk();

  @Inject BodyBudget budget;

  /** A POST whose body is sent in chunks, by hand. */
  private static final class Chunked implements AutoCloseable {
    private final Socket socket;

    Chunked(String path, String token) throws IOException {
      socket = new Socket("127.0.0.1", RestAssured.port);
      socket.setSoTimeout(60_000);
      String authorization = token == null ? "" : "Authorization: Bearer " + token + "\r\n";
      write(
          "POST %s HTTP/1.1\r\nHost: test\r\n%sContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
              .formatted(path, authorization));
    }

    private void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    }

    /** Sends chunks of 64 KiB until there are enough, or nobody reads them any more. */
    void send(int chunks) {
      try {
        OutputStream out = socket.getOutputStream();
        for (int i = 0; i < chunks; i++) {
          out.write(CHUNK);
        }
        out.flush();
      } catch (IOException refused) {
        // what was answered before is still there to be read
      }
    }

    void end() throws IOException {
      write("0\r\n\r\n");
    }

    String answer() throws IOException {
      StringBuilder text = new StringBuilder();
      try {
        byte[] buffer = new byte[8192];
        for (int read; (read = socket.getInputStream().read(buffer)) > 0; ) {
          text.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
          if (text.indexOf("\"code\"") > 0) {
            break;
          }
        }
      } catch (IOException reset) {
        // the answer is what came before
      }
      return text.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] chunk() {
    return ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private void nothingIsHeld() {
    await().atMost(Duration.ofSeconds(30)).until(() -> budget.inUse() == 0);
  }

  @Test
  void withoutATokenNoByteOfABodyIsRead() throws Exception {
    List<Chunked> strangers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      strangers.add(new Chunked("/v1/sessions", null));
    }
    for (Chunked stranger : strangers) {
      // Nothing of the body was sent yet: the headers alone are answered.
      String answer = stranger.answer();
      assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
      assertTrue(answer.contains("missing_token"), answer);
      stranger.send(480);
      stranger.close();
    }
    for (String path :
        List.of("//v1/requests", "/%761/requests", "/./v1/requests", "/v1;a=b/requests")) {
      try (Chunked stranger = new Chunked(path, null)) {
        String answer = stranger.answer();
        assertTrue(answer.startsWith("HTTP/1.1 401"), path + ": " + answer);
      }
    }
    assertEquals(0, budget.inUse());
    given().get("/q/health/live").then().statusCode(200);
  }

  @Test
  void aBodyInChunksEndsAtTheLimitOfItsAddress() throws Exception {
    for (String path : List.of("/v1/sessions", "/v1/hooks/claude-code", "/v1/users/alice/import")) {
      try (Chunked large = new Chunked(path, alice())) {
        large.send(480);
        String answer = large.answer();
        assertTrue(answer.startsWith("HTTP/1.1 413"), path + ": " + answer);
        assertTrue(answer.contains("too_large"), answer);
      }
    }
    nothingIsHeld();
  }

  @Test
  void aBodyInChunksIsReadWhole() throws Exception {
    try (Chunked evaluate = new Chunked("/v1/evaluate", alice())) {
      evaluate.send(64);
      evaluate.end();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertTrue(firstLine(evaluate).contains("200")));
    }
    nothingIsHeld();
  }

  private static String firstLine(Chunked chunked) throws IOException {
    byte[] buffer = new byte[4096];
    int read = chunked.socket.getInputStream().read(buffer);
    return new String(buffer, 0, Math.max(read, 0), StandardCharsets.UTF_8);
  }

  @Test
  void aSenderThatOffersHttp2IsServedAndRefusedLikeAnyOther() throws Exception {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    for (int mebibytes : List.of(0, 3, 20)) {
      String body = "[\"" + "x".repeat(mebibytes << 20) + "\"]";
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/evaluate"))
              .header("Authorization", "Bearer " + alice())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      try {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(mebibytes == 20 ? 413 : 200, answer.statusCode());
        if (mebibytes < 20) {
          assertEquals("{\"length\":" + body.length() + "}", answer.body());
        }
      } catch (IOException closed) {
        // A sender that writes on against a refusal may see only that its connection ended.
        assertEquals(20, mebibytes, closed::toString);
      }
    }
    nothingIsHeld();
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedForForEver() throws Exception {
    try (Chunked stalled = new Chunked("/v1/sessions", alice())) {
      stalled.send(1);
      String answer = stalled.answer();
      assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
      assertTrue(answer.contains("too_slow"), answer);
    }
    nothingIsHeld();
  }

  @Test
  void answersThatNobodyReadsAreCountedAndKeepNobodyOut() throws Exception {
    String large = "/v1/receipts?requestId=large";
    byte[] request = rawGet(large, alice());
    List<Socket> deaf = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(
            () -> {
              for (int i = 0; i < 12; i++) {
                deaf.add(deaf(request, 3));
              }
              as(alice())
                  .get(large)
                  .then()
                  .statusCode(429)
                  .header("Retry-After", "1")
                  .body("code", equalTo("too_many_requests"));
            });
    assertTrue(budget.inUse() <= budget.largest(), budget.inUse() + " bytes are held");
    as(keys.personToken("bob", "approver")).get(large).then().statusCode(200);
    as(alice()).get("/v1/receipts?requestId=small").then().statusCode(200);
    startSession();
    for (Socket socket : deaf) {
      socket.close();
    }
    for (int i = 0; i < 50; i++) {
      deaf(request, 1).close();
    }
    nothingIsHeld();
    as(alice()).get(large).then().statusCode(200);
    nothingIsHeld();
  }

  /** Sends the same request some times over one connection, and reads nothing. */
  private static Socket deaf(byte[] request, int times) throws IOException {
    Socket socket = new Socket("127.0.0.1", RestAssured.port);
    for (int i = 0; i < times; i++) {
      socket.getOutputStream().write(request);
    }
    return socket;
  }

  @Test
  void answersThatNobodyReadsEndAfterAWhile() throws Exception {
    byte[] request = rawGet("/v1/receipts?requestId=large", alice());
    try (Socket socket = deaf(request, 10)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> budget.inUse() > 0);
      await().atMost(Duration.ofSeconds(60)).until(() -> budget.inUse() == 0);
      endsThoughItWrites(socket, "\r\n");
    }
  }

  @Test
  void whoLeavesInTheMiddleLeavesNothingBehind() throws Exception {
    try (Chunked left = new Chunked("/v1/sessions", alice())) {
      left.send(8);
      await().atMost(Duration.ofSeconds(30)).until(() -> budget.inUse() > 0);
    }
    nothingIsHeld();
  }

  @Test
  void expectingToContinueIsAnsweredAfterTheTokenWasProven() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
      socket.setSoTimeout(60_000);
      String body = "{\"permissionMode\":\"default\"}";
      String head =
          "POST /v1/sessions HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n";
      OutputStream out = socket.getOutputStream();
      out.write(head.formatted(alice(), body.length()).getBytes(StandardCharsets.US_ASCII));
      byte[] buffer = new byte[8192];
      int read = socket.getInputStream().read(buffer);
      assertTrue(new String(buffer, 0, read, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 100"));
      out.write(body.getBytes(StandardCharsets.US_ASCII));
      read = socket.getInputStream().read(buffer);
      assertTrue(new String(buffer, 0, read, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 201"));
    }
  }

  @Test
  void aPositionOfAnyLengthIsReadOrCalledTooOld() throws Exception {
    String deep = "4000/" + "1:1,".repeat(4000);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/events"))
            .header("Authorization", "Bearer " + alice())
            .header("Last-Event-ID", deep)
            .build();
    HttpResponse<Stream<String>> stream =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
    assertEquals(200, stream.statusCode());
    try (Stream<String> lines = stream.body()) {
      List<String> first = lines.filter(line -> line.matches("(event|data):.*")).limit(2).toList();
      assertEquals(List.of("event:resync", "data:{\"reason\":\"too_old\"}"), first);
    }
  }

  @Test
  void whoWaitsForAPersonHoldsNoBodyAndNobodyElseIsRefused() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    List<String> children = new ArrayList<>();
    for (String person : List.of("alice", "bob")) {
      String token = startSessionOf(person).getString("sessionToken");
      for (int i = 0; i < 16; i++) {
        String claude = UUID.randomUUID().toString();
        children.add("cc:" + claude);
        waiting.add(http.sendAsync(largeHook(token, claude), BodyHandlers.ofString()));
      }
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> children.stream().allMatch(child -> !peer.state().openPrompts(child).isEmpty()));
    nothingIsHeld();
    await().atMost(Duration.ofSeconds(30)).until(() -> Living.count(ClaudeCodeEvent.class) == 0);
    JsonPath carols = startSessionOf("carol");
    as(carols.getString("sessionToken"))
        .header("Prefer", "wait=20")
        .body(bash("echo " + "x".repeat(100_000)))
        .post("/v1/sessions/" + carols.getString("sessionId") + "/requests")
        .then()
        .statusCode(200)
        .body("effect", equalTo("allow"));
    assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
    waiting.forEach(hook -> hook.cancel(true));
  }

  private JsonPath startSessionOf(String person) {
    return as(keys.personToken(person, "approver"))
        .body(Map.of("sessionId", "s-" + UUID.randomUUID(), "permissionMode", "default"))
        .post("/v1/sessions")
        .then()
        .statusCode(201)
        .extract()
        .jsonPath();
  }

  private static HttpRequest largeHook(String token, String claude) {
    Map<String, Object> event =
        Map.of(
            "hook_event_name",
            "PreToolUse",
            "session_id",
            claude,
            "cwd",
            "/proj",
            "tool_name",
            "Bash",
            "tool_input",
            Map.of("command", "ASK " + "x".repeat(1_000_000)),
            "tool_use_id",
            "toolu_" + claude);
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/hooks/claude-code"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .header("Prefer", "wait=600")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(event)))
        .build();
  }

  @Test
  void noIdHoldsNul() {
    for (String path : List.of("/v1/prompts/a%00b", "/v1/sessions/%00", "/v1/receipts?after=%00")) {
      given()
          .urlEncodingEnabled(false)
          .header("Authorization", "Bearer " + alice())
          .get(path)
          .then()
          .statusCode(400)
          .body("code", equalTo("invalid_request"))
          .body("detail", containsString("NUL"));
    }
  }

  @Test
  void pagesAreAskedForInOneWay() {
    for (String list :
        List.of("prompts", "receipts", "users/alice/grants", "users/alice/permissions/history")) {
      for (String query :
          List.of("limit=0", "limit=-1", "limit=x", "limit=99999", "after=" + "9".repeat(1001))) {
        as(alice())
            .get("/v1/" + list + "?" + query)
            .then()
            .statusCode(400)
            .body("code", equalTo("invalid_request"))
            .body("errors[0].field", equalTo(query.substring(0, query.indexOf('='))));
      }
      as(alice()).get("/v1/" + list + "?limit=1").then().statusCode(200);
    }
  }

  @Test
  void anotherMethodNamesThoseThatThereAre() {
    Map<String, String> allowed =
        Map.of(
            "/v1/prompts", "GET, HEAD",
            "/v1/sessions", "POST",
            "/v1/sessions/s-1", "DELETE, GET, HEAD, PATCH",
            "/v1/users/alice/overrides/bash", "DELETE, GET, HEAD, PUT");
    allowed.forEach(
        (path, methods) ->
            as(alice())
                .request("LINK", path)
                .then()
                .statusCode(405)
                .header("Allow", methods)
                .body("code", equalTo("method_not_allowed"))
                .body("detail", equalTo("Use one of: " + methods + ".")));
  }
}
