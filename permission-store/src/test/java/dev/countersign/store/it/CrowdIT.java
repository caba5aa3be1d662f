package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One user's crowd of requests, or their large documents, are nobody else's trouble. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CrowdIT {
  private static final int CROWD = 100;

  private static World world;

  @TestHTTPResource URL store;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static RequestSpecification as(String person) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(person, "approver"))
        .contentType("application/json");
  }

  @Test
  void whatWaitsForOneUserHoldsNoConnectionThatOthersNeed() throws Exception {
    String busy = World.newUser();
    String other = World.newUser();
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> writes = new ArrayList<>();
    OverrideCommand command = World.set(busy, "Bash", "asked for", "always");
    try (Connection lock =
        DriverManager.getConnection(
            World.config("test.jdbc"),
            World.config("quarkus.datasource.username"),
            World.config("quarkus.datasource.password"))) {
      lock.setAutoCommit(false);
      lock.createStatement()
          .execute(
              "select pg_advisory_xact_lock(hashtextextended('write default/" + busy + "', 0))");
      for (int i = 0; i < CROWD; i++) {
        writes.add(client.sendAsync(write(busy, i), HttpResponse.BodyHandlers.ofString()));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> waiting() == 1 && writes.stream().anyMatch(CompletableFuture::isDone));
      world.send(command);

      as(other).get("/internal/users/{user}/permissions", other).then().statusCode(200);
      as(other)
          .body("{\"level\":\"ask\"}")
          .put("/internal/users/{user}/overrides/Bash", other)
          .then()
          .statusCode(200);
      assertTrue(waiting() <= 1);
    }
    int stored = 1;
    for (CompletableFuture<HttpResponse<String>> write : writes) {
      HttpResponse<String> answer = write.join();
      if (answer.statusCode() == 200) {
        stored++;
      } else {
        // Too many wait; or the lock was not to be had in time. Either way nothing was stored.
        String code = answer.statusCode() == 429 ? "too_many_requests" : "unavailable";
        assertTrue(answer.body().contains(code), answer.body());
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(null));
      }
    }
    assertTrue(world.reply(command.commandId()).ok(), "a command is never told to come again");
    assertTrue(stored > 1 && stored < CROWD, "stored " + stored);
    assertEquals(stored, World.historyLines(busy));
  }

  private HttpRequest write(String user, int i) {
    return HttpRequest.newBuilder(
            URI.create(store + "internal/users/" + user + "/overrides/Bash?resource=make-" + i))
        .header("Authorization", "Bearer " + world.keys.personToken(user, "approver"))
        .header("Content-Type", "application/json")
        .PUT(HttpRequest.BodyPublishers.ofString("{\"level\":\"always\"}"))
        .build();
  }

  @Test
  void ofOneUsersHistoryOnePageIsReadAtATime() throws Exception {
    String busy = World.newUser();
    String other = World.newUser();
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> pages = new ArrayList<>();
    try (Connection lock = Tables.connect()) {
      lock.setAutoCommit(false);
      lock.createStatement().execute("lock table permission_history in access exclusive mode");
      HttpRequest page =
          HttpRequest.newBuilder(URI.create(store + "internal/users/" + busy + "/history"))
              .header("Authorization", "Bearer " + world.keys.personToken(busy, "approver"))
              .build();
      for (int i = 0; i < CROWD; i++) {
        pages.add(client.sendAsync(page, HttpResponse.BodyHandlers.ofString()));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> reading() == 1 && pages.stream().anyMatch(CrowdIT::isRefused));
      as(other).get("/internal/users/{user}/permissions", other).then().statusCode(200);
      assertTrue(reading() <= 1);
    }
    for (CompletableFuture<HttpResponse<String>> page : pages) {
      HttpResponse<String> answer = page.join();
      if (isRefused(page)) {
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(null));
      } else {
        // Where the lock was not to be had in time the database is busy.
        assertTrue(List.of(200, 503).contains(answer.statusCode()), answer.body());
      }
    }
    as(busy).get("/internal/users/{user}/history", busy).then().statusCode(200);
  }

  private static boolean isRefused(CompletableFuture<HttpResponse<String>> page) {
    return page.isDone() && page.join().statusCode() == 429;
  }

  private static long reading() {
    return World.number(
        "select count(*) from pg_locks where not granted"
            + " and relation = 'permission_history'::regclass");
  }

  private static long waiting() {
    return World.number(
        "select count(*) from pg_locks where locktype = 'advisory' and not granted");
  }

  @Test
  void aPageOfTheHistoryIsNoLargerThanTwoDocuments() {
    String user = World.newUser();
    World.update(
        "insert into permission_history (tenant, user_id, version, at, action, via,"
            + " before_document, after_document) select 'default', ?, i, now(), 'write',"
            + " 'dashboard', d, d from generate_series(1, 10) i, (select"
            + " '{\"tools\":{\"Bash\":{\"resources\":{\"' || string_agg('make-' || n,"
            + " '\":{\"level\":\"ask\"},\"') || '\":{\"level\":\"ask\"}}}}}' as d"
            + " from generate_series(1, 14000) n) document",
        user);
    List<Integer> versions = new ArrayList<>();
    String before = "";
    int pages = 0;
    do {
      byte[] body =
          as(user)
              .get("/internal/users/" + user + "/history?limit=100" + before)
              .then()
              .statusCode(200)
              .extract()
              .asByteArray();
      assertTrue(body.length < 4 * Json.MAX_DOCUMENT_BYTES, "a page of " + body.length);
      JsonPath page = JsonPath.from(new String(body, StandardCharsets.UTF_8));
      versions.addAll(page.getList("entries.version"));
      before = page.get("next") == null ? null : "&before=" + page.get("next");
      pages++;
    } while (before != null);
    assertEquals(List.of(10, 9, 8, 7, 6, 5, 4, 3, 2, 1), versions);
    assertTrue(pages > 3, "pages: " + pages);
  }

  @Test
  void whoIsNotProvenIsRefusedBeforeTheBodyIsRead() throws Exception {
    try (Socket socket = new Socket(store.getHost(), store.getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("PUT /internal/users/x/permissions HTTP/1.1\r\nHost: x\r\n"
                      + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + "4\r\n{\"a\"\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
      assertTrue(answer.contains("missing_token"), answer);
    }
  }

  @Test
  void aBodyWithoutALengthIsCountedAsItIsRead() throws Exception {
    String user = World.newUser();
    try (Socket socket = new Socket(store.getHost(), store.getPort())) {
      socket.setSoTimeout(20_000);
      var out = socket.getOutputStream();
      out.write(
          ("PUT /internal/users/%s/permissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                  + "If-Match: \"0\"\r\nTransfer-Encoding: chunked\r\n\r\n")
              .formatted(user, world.keys.personToken(user, "approver"))
              .getBytes(StandardCharsets.US_ASCII));
      byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes();
      for (int i = 0; i < 20; i++) {
        out.write(chunk);
      }
      out.flush();
      // The body has no end, and is answered all the same.
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
      assertTrue(answer.contains("too_large"), answer);
    }
  }

  @Test
  void aBodyInChunksIsReadWhole() throws Exception {
    String user = World.newUser();
    try (Socket socket = new Socket(store.getHost(), store.getPort())) {
      socket.setSoTimeout(20_000);
      String document = "{\"tools\":{\"Bash\":{\"level\":\"ask\"}}}";
      socket
          .getOutputStream()
          .write(
              ("PUT /internal/users/%s/permissions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                      + "Authorization: Bearer %s\r\nIf-Match: \"0\"\r\n"
                      + "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n")
                  .formatted(
                      user, world.keys.personToken(user, "approver"), document.length(), document)
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }
    as(user)
        .get("/internal/users/{user}/overrides", user)
        .then()
        .body("overrides[0].level", equalTo("ask"));
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsToldSo() {
    String user = World.newUser();
    as(user)
        .header("If-Match", "\"0\"")
        .body(" ".repeat(Json.MAX_REQUEST_BYTES + 1))
        .put("/internal/users/{user}/permissions", user)
        .then()
        .statusCode(413)
        .body("code", equalTo("too_large"));
  }
}
