package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a user settled, through the gateway's door. */
@QuarkusTest
class OverridesIT extends GatewayTestBase {
  private static final String STORE = "/internal/users/alice/overrides/";

  @AfterEach
  void everythingIsInForceAgain() {
    peer.state().documentsInForce = true;
    peer.state().historyLines = List.of();
    peer.state().grantEvents = List.of();
  }

  private ValidatableResponse get(String address) {
    return as(alice()).urlEncodingEnabled(false).get("/v1/users/" + address).then();
  }

  private void reads(String address, String inStore) {
    get("alice/overrides/" + address).statusCode(200).body("uri", equalTo(STORE + inStore));
  }

  private void refuses(String address, String why) {
    get("alice/overrides/" + address)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_request"))
        .body("detail", containsString(why));
  }

  @Test
  void noResourceHoldsNul() {
    refuses("Bash/a%00b", "NUL");
    refuses("Bash?resource=a%00b", "NUL");
  }

  @Test
  void aResourceIsReadAsItWasSentAndDecodedOnce() {
    get("alice/overrides").body("uri", equalTo("/internal/users/alice/overrides"));
    reads("Bash", "Bash");
    reads("Bash/npm%20test", "Bash?resource=npm%20test");
    reads("Bash?resource=npm%20test", "Bash?resource=npm%20test");
    reads("Bash?resource=npm+test", "Bash?resource=npm%20test");
    reads("Bash/a+b", "Bash?resource=a%2Bb");
    reads("Bash/a;b=c", "Bash?resource=a%3Bb%3Dc");
    reads("Read/%2Fetc%2Fhosts", "Read?resource=%2Fetc%2Fhosts");
    reads("Bash/a%252Fb", "Bash?resource=a%252Fb");
    reads("Bash/%E2%82%AC", "Bash?resource=%E2%82%AC");
    reads("WebFetch/*.example.com", "WebFetch?resource=*.example.com");
    reads("a%2Fb", "a%2Fb");
    reads("Bash/x?resource=x", "Bash?resource=x");
    get("alice;x/overrides/Bash").body("uri", equalTo("/internal/users/alice%3Bx/overrides/Bash"));
    get("overrides/overrides/Bash")
        .body("uri", equalTo("/internal/users/overrides/overrides/Bash"));
    get("a%2Fb/overrides/Bash").body("uri", equalTo("/internal/users/a%2Fb/overrides/Bash"));
  }

  @Test
  void whatClientsDoNotSendIsReadAsItStandsToo() throws IOException {
    assertThat(raw("Read//etc/hosts"), containsString("/Read?resource=%2Fetc%2Fhosts\""));
    assertThat(raw("Bash/%zz"), containsString("400 Bad Request"));
    for (String dots : List.of("../x", "a/../b", "%2e%2e/x", "./x")) {
      assertThat(raw("Bash/" + dots), startsWith("HTTP/1.1 4"));
    }
  }

  /** Sends an address that no client library lets through. */
  private String raw(String address) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
      String request =
          "GET /v1/users/alice/overrides/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              + "Authorization: Bearer %s\r\n\r\n";
      socket
          .getOutputStream()
          .write(request.formatted(address, alice()).getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void addressesThatMeanTwoThingsOrNoneAreRefused() {
    refuses("Bash/", "is empty");
    refuses("Bash/%FF", "not UTF-8");
    refuses("Bash/a/%2e%2e/b", ". or ..");
    refuses("Bash/x?resource=y", "another");
    refuses("Bash?resource=x&resource=y", "more than one");
  }

  @Test
  void theEffectiveLevelIsAskedOfTheStore() {
    reads(
        "Bash/npm%20test?effective=true&cwd=/proj&home=/home/a",
        "Bash?resource=npm%20test&effective=true&cwd=%2Fproj&home=%2Fhome%2Fa");
    reads("Bash?effective=true", "Bash?effective=true");
  }

  @Test
  void whatHasAScopeBecomesAGrantAndTheRestAnOverride() {
    for (String scope : List.of("\"uses\":5", "\"session\":\"s\"", "\"turn\":\"t\"")) {
      as(alice())
          .header("Idempotency-Key", "k-1")
          .body("{\"level\":\"always\",%s}".formatted(scope))
          .put("/v1/users/alice/overrides/Bash/make")
          .then()
          .statusCode(200)
          .body("method", equalTo("PUT"))
          .body("key", equalTo("k-1"))
          .body("uri", equalTo("/internal/users/alice/grants?tool=Bash&resource=make"));
    }
    as(alice())
        .header("Idempotency-Key", "k-2")
        .body("{\"level\":\"always\",\"uses\":null,\"until\":\"2030-01-01T00:00:00Z\"}")
        .put("/v1/users/alice/overrides/Bash/make")
        .then()
        .statusCode(200)
        .body("key", equalTo("k-2"))
        .body("uri", equalTo(STORE + "Bash?resource=make"));
    get("alice/grants?state=active&limit=5")
        .body("uri", equalTo("/internal/users/alice/grants?state=active&limit=5"));
    as(alice())
        .delete("/v1/users/alice/grants/g1")
        .then()
        .body("method", equalTo("DELETE"))
        .body("uri", equalTo("/internal/users/alice/grants/g1"));
  }

  @Test
  void aWriteIsAnswered200OnceItIsDecidedByAnd202Before() {
    for (int status : List.of(200, 202)) {
      peer.state().documentsInForce = status == 200;
      written("PUT", "overrides/Bash/make", status);
      written("DELETE", "overrides/Bash/make", status);
      written("PUT", "permissions", status);
      written("PATCH", "permissions", status);
      written("DELETE", "permissions", status);
      written("POST", "permissions/restore", status);
    }
  }

  private void written(String method, String address, int status) {
    as(alice())
        .body("{\"level\":\"always\"}")
        .request(method, "/v1/users/alice/" + address)
        .then()
        .statusCode(status)
        .header("ETag", "\"7\"")
        .body("method", equalTo(method));
  }

  private static Map<String, Object> line(int id, String at) {
    return Map.of("id", id, "version", id, "at", at, "action", "set", "via", "dashboard");
  }

  private static Map<String, Object> event(String at, String what) {
    Map<String, Object> grant =
        Map.of(
            "id", "g", "state", "used_up", "tool", "Bash", "level", "always", "givenBy", "alice");
    return Map.of("at", at, "what", what, "key", "g 1", "grant", grant);
  }

  @Test
  void theHistoryHoldsGrantsToo() {
    peer.state().historyLines =
        List.of(line(2, "2026-01-01T12:00:02Z"), line(1, "2026-01-01T12:00:00Z"));
    peer.state().grantEvents =
        List.of(event("2026-01-01T12:00:03Z", "used_up"), event("2026-01-01T12:00:01Z", "given"));
    get("alice/permissions/history")
        .statusCode(200)
        .body("entries.action", equalTo(List.of("grant_ended", "set", "grant_given", "set")))
        .body("entries[0].note", equalTo("used_up"))
        .body("entries[0].grant.id", equalTo("g"))
        .body("entries[2].actor", equalTo("alice"))
        .body("next", nullValue());
    get("alice/permissions/history?limit=3")
        .body("entries", hasSize(3))
        .body("next", equalTo("2/2026-01-01T12:00:01Z/g 1"));
    get("alice/permissions/history?after=nonsense").statusCode(400);
    get("alice/permissions/history?limit=0").statusCode(400);
  }

  @Test
  void everythingIsExported() {
    peer.state().historyLines = List.of(line(1, "2026-01-01T12:00:00Z"));
    peer.state().grantEvents = List.of(event("2026-01-01T12:00:01Z", "given"));
    get("alice/export")
        .statusCode(200)
        .body("user", equalTo("alice"))
        .body("version", equalTo(7))
        .body("document", hasKey("uri"))
        .body("grants.id", equalTo(List.of("g-living")))
        .body("history.action", equalTo(List.of("grant_given", "set")));
    given().get("/v1/users/alice/export").then().statusCode(401);
  }

  @Test
  void whoLeavesBeforeTheExportComesKeepsNoPlace() throws Exception {
    byte[] request = rawGet("/v1/users/alice/export", alice());
    for (int i = 0; i < 30; i++) {
      try (Socket leaves = new Socket("127.0.0.1", RestAssured.port)) {
        leaves.getOutputStream().write(request);
      }
    }
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> get("alice/export").statusCode(200));
  }

  @Test
  void whoseConnectionBreaksInTheMiddleKeepsNoPlace() throws Exception {
    Map<String, Object> large = new HashMap<>(line(1, "2026-01-01T12:00:00Z"));
    large.put("after", "x".repeat(100_000));
    peer.state().historyLines = Collections.nCopies(100, large);
    byte[] request = rawGet("/v1/users/alice/export", alice());
    try {
      for (int i = 0; i < 30; i++) {
        try (Socket leaves = new Socket("127.0.0.1", RestAssured.port)) {
          leaves.getOutputStream().write(request);
          leaves.setSoTimeout(60_000);
          leaves.getInputStream().readNBytes(100);
          // What was sent and not read is answered with a reset.
          leaves.setSoLinger(true, 0);
        }
      }
    } finally {
      peer.state().historyLines = List.of();
    }
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> get("alice/export").statusCode(200));
  }
}
