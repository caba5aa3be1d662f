package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.peer.Surroundings;
import dev.countersign.protocol.Json;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import org.junit.jupiter.api.Test;

/** Connections on which nothing is asked, or nothing is read, give their place to others. */
@QuarkusTest
class ConnectionsIT extends GatewayTestBase {
  @Test
  void oneOverTheMostIsClosedAtOnce() {
    await().atMost(Duration.ofSeconds(120)).until(ConnectionsIT::oneOverIsClosedBeforeTheFirst);
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> given().get("/q/health/live").statusCode() == 200);
  }

  private static boolean oneOverIsClosedBeforeTheFirst() throws IOException {
    List<Socket> halves = new ArrayList<>();
    try {
      for (int i = 0; i < Surroundings.CONNECTIONS; i++) {
        halves.add(open("GET / HTTP/1.1\r\n"));
      }
      try (Socket over = open("")) {
        assertEquals(-1, over.getInputStream().read());
      }
      halves.get(0).setSoTimeout(50);
      return halves.get(0).getInputStream().read() >= 0;
    } catch (SocketTimeoutException stillOpen) {
      return true;
    } finally {
      for (Socket half : halves) {
        half.close();
      }
    }
  }

  private static Socket open(String text) throws IOException {
    Socket socket = new Socket("127.0.0.1", RestAssured.port);
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void halfHeadersKeepNobodyOutAndEnd() throws Exception {
    List<Socket> halves = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      halves.add(open("GET / HTTP/1.1\r\nX: " + "x".repeat(40_000)));
    }
    given().get("/q/health/live").then().statusCode(200);
    startSession();
    for (Socket half : halves) {
      assertEquals(-1, half.getInputStream().read(), "it is closed without an answer");
      half.close();
    }
  }

  @Test
  void headersThatComeByteByByteAreNotWaitedForForEver() throws Exception {
    try (Socket slow = open("GET / HTTP/1.1\r\nX: ")) {
      endsThoughItWrites(slow, "x");
    }
  }

  @Test
  void aStrangerWhoReadsNoAnswersIsClosed() throws Exception {
    try (Socket deaf = open("GET /openapi HTTP/1.1\r\nHost: t\r\n\r\n".repeat(99))) {
      endsThoughItWrites(deaf, "\r\n");
    }
  }

  @Test
  void manyRequestsOfOneConnectionAreAnsweredInTurn() throws Exception {
    String last = "GET /q/health/live HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
    try (Socket socket = open("GET /q/health/live HTTP/1.1\r\nHost: t\r\n\r\n".repeat(80) + last)) {
      String answers =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(82, answers.split("HTTP/1.1 200 OK", -1).length);
    }
  }

  /** Twice as long as a connection may be idle. */
  @Test
  void whoWaitsForAPersonOrListensStaysAndWhoAsksNothingGoes() throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    JsonPath session = startSession();
    try (Socket stream =
        open(
            "GET /v1/events HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer "
                + alice()
                + "\r\n\r\n")) {
      BufferedReader events =
          new BufferedReader(
              new InputStreamReader(stream.getInputStream(), StandardCharsets.US_ASCII));
      awaitLine(events, "ready");
      CompletableFuture<HttpResponse<String>> hook =
          http.sendAsync(hook(session.getString("sessionToken")), BodyHandlers.ofString());
      String prompt = awaitLine(events, "promptId");
      prompt = Json.readTree(prompt.substring(5).getBytes()).path("promptId").asText();
      for (int i = 0; i < 2; i++) {
        try (Socket idle = open("GET /q/health/live HTTP/1.1\r\nHost: t\r\n\r\n")) {
          String answer =
              new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
          assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        }
      }
      assertFalse(hook.isDone());
      as(alice())
          .body(Map.of("optionId", "allow-once"))
          .post("/v1/prompts/{id}/answer", prompt)
          .then()
          .statusCode(200);
      assertTrue(hook.join().body().contains("\"allow\""), hook.join().body());
      assertTrue(awaitLine(events, "promptId").contains(prompt));
      HttpRequest next =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + RestAssured.port + "/q/health/live"))
              .build();
      assertEquals(200, http.send(next, BodyHandlers.ofString()).statusCode());
    }
  }

  private static String awaitLine(BufferedReader lines, String text) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.contains(text)) {
      line = lines.readLine();
    }
    assertTrue(line != null, "the stream ended before " + text);
    return line;
  }

  private static HttpRequest hook(String token) {
    Map<String, Object> event =
        Map.of(
            "hook_event_name",
            "PreToolUse",
            "session_id",
            UUID.randomUUID().toString(),
            "cwd",
            "/proj",
            "tool_name",
            "Bash",
            "tool_input",
            Map.of("command", "ASK"),
            "tool_use_id",
            "toolu_1");
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/hooks/claude-code"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .header("Prefer", "wait=600")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(event)))
        .build();
  }
}
