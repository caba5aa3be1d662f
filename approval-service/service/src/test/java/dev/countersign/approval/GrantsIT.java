package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.requests.RequestBatch;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a person allows for a number of uses, a session or a turn. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class GrantsIT {
  private static final String GRANTS = "/internal/users/{user}/grants";

  private final World world = World.get();
  @Inject RequestBatch batch;

  private RequestSpecification as(String person, String... roles) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(person, withApprover(roles)))
        .contentType("application/json");
  }

  private static String[] withApprover(String... roles) {
    return java.util.stream.Stream.concat(
            java.util.Arrays.stream(roles), java.util.stream.Stream.of("approver"))
        .toArray(String[]::new);
  }

  private ValidatableResponse give(String resource, String body) {
    return as(World.OWNER)
        .queryParam("tool", "Bash")
        .queryParam("resource", resource)
        .body(body)
        .put(GRANTS, World.OWNER)
        .then();
  }

  private String gave(String resource, String body) {
    return give(resource, body).statusCode(200).extract().path("id");
  }

  private ValidatableResponse grant(String grant) {
    return as(World.OWNER)
        .queryParam("limit", 100)
        .get(GRANTS, World.OWNER)
        .then()
        .statusCode(200)
        .rootPath("grants.find { it.id == '" + grant + "' }");
  }

  private static String program() {
    return id("tool");
  }

  private void allowed(String session, String command) {
    PermissionReply reply = world.decision(session, bash(command));
    assertEquals(Effect.ALLOW, reply.effect(), reply.reason());
    assertEquals(DecidedBy.GRANT, reply.decidedBy());
  }

  private PromptState asked(String session, String command) {
    return world.prompt(world.ask(session, bash(command)));
  }

  @Test
  void aCountedGrantIsUsedUpByExactlyThatManyCallsInAnySession() {
    String program = program();
    String grant = gave(program + " *", "{\"level\":\"always\",\"uses\":3}");
    grant(grant).body("state", equalTo("active")).body("usesLeft", equalTo(3));
    String one = world.session(mode("default"));
    String two = world.session(mode("default"));
    allowed(one, program + " a");
    allowed(two, program + " b");
    // Its two parts are one call.
    allowed(one, program + " c && " + program + " d");
    asked(one, program + " e");
    grant(grant)
        .body("state", equalTo("used_up"))
        .body("usesLeft", equalTo(0))
        .body("givenBy", equalTo(World.OWNER))
        .body("endedAt", notNullValue());
  }

  @Test
  void aCallThatIsNotAllowedUsesNothingUp() {
    String program = program();
    String grant = gave(program + " *", "{\"level\":\"always\",\"uses\":1}");
    String session = world.session(mode("default"));
    asked(session, program + " a && something-else b");
    grant(grant).body("usesLeft", equalTo(1));
    allowed(session, program + " a");
  }

  @Test
  void aRequestDeliveredAgainUsesNothingUp() {
    String program = program();
    String grant = gave(program, "{\"level\":\"always\",\"uses\":2}");
    String session = world.session(mode("default"));
    PermissionRequest request = World.request(session, id("r"), bash(program));
    InboundRecord record =
        new InboundRecord(
            Topics.REQUESTS,
            5,
            2_000_000,
            Instant.now(),
            session.getBytes(StandardCharsets.UTF_8),
            Json.write(request),
            Map.of(Headers.TOKEN, world.token(session)));
    for (int i = 0; i < 3; i++) {
      var out = batch.handle(List.of(record, record), Instant.now());
      PermissionReply reply = Json.read(out.get(0).value(), PermissionReply.class);
      assertEquals(DecidedBy.GRANT, reply.decidedBy());
    }
    grant(grant).body("usesLeft", equalTo(1));
    allowed(session, program);
    grant(grant).body("state", equalTo("used_up"));
    var again = batch.handle(List.of(record), Instant.now());
    assertEquals(Effect.ALLOW, Json.read(again.get(0).value(), PermissionReply.class).effect());
  }

  @Test
  void aGrantForASessionHoldsThereAndNotInItsChildrenOrBesideIt() {
    String program = program();
    String session = world.session(mode("default"));
    String grant =
        gave(program + " *", "{\"level\":\"always\",\"session\":\"%s\"}".formatted(session));
    allowed(session, program + " a");
    allowed(session, program + " b");
    asked(world.session(mode("default")), program + " a");
    String child = id("s");
    assertTrue(world.start(child, session, mode("default"), World.OWNER, Map.of()).ok());
    asked(child, program + " a");
    world.close(session);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                grant(grant)
                    .body("state", equalTo("ended"))
                    .body("reason", equalTo("session_closed")));
    give(program + " *", "{\"level\":\"always\",\"session\":\"%s\"}".formatted(session))
        .statusCode(409)
        .body("code", equalTo("session_closed"));
  }

  @Test
  void aGrantForATurnHoldsInItAlone() {
    String program = program();
    String session = world.session(mode("default"));
    String order = "{\"level\":\"always\",\"session\":\"%s\",\"turn\":\"t1\"}".formatted(session);
    gave(program, order);
    PermissionReply reply = world.reply(world.ask(inTurn(session, "t1", program)));
    assertEquals(DecidedBy.GRANT, reply.decidedBy(), reply.reason());
    world.prompt(world.ask(inTurn(session, "t2", program)));
    asked(session, program);
  }

  private static PermissionRequest inTurn(String session, String turn, String command) {
    return new PermissionRequest(null, session, id("r"), turn, bash(command), null, null, null);
  }

  @Test
  void aGrantEndsThePromptsThatWaitForIt() {
    String program = program();
    String session = world.session(mode("default"));
    // Of two that come in one batch either may count as the older.
    String first = world.ask(session, bash(program + " a"));
    world.prompt(first);
    String second = world.ask(session, bash(program + " b"));
    world.prompt(second);
    String grant = gave(program + " *", "{\"level\":\"always\",\"uses\":1}");
    PermissionReply reply = world.reply(first);
    assertEquals(DecidedBy.GRANT, reply.decidedBy());
    grant(grant).body("state", equalTo("used_up"));
    assertEquals(0, world.replies(second).count());
  }

  @Test
  void aGrantLiftsNoAskOfTheProjectAndNoDeny() {
    String asks = program();
    String denies = program();
    SessionSettings settings =
        new SessionSettings(
            "default",
            null,
            null,
            null,
            null,
            List.of("/proj"),
            null,
            new RuleSet(null, List.of("Bash(" + asks + " *)"), List.of("Bash(" + denies + " *)")),
            null,
            null,
            null);
    String session = world.session(settings);
    String grant = gave(asks + " *", "{\"level\":\"always\",\"uses\":1}");
    gave(denies + " *", "{\"level\":\"always\",\"uses\":1}");
    asked(session, asks + " a");
    assertEquals(DecidedBy.RULE, world.decision(session, bash(denies + " a")).decidedBy());
    grant(grant).body("usesLeft", equalTo(1));
    give(denies + " *", "{\"level\":\"always\",\"session\":\"%s\"}".formatted(session))
        .statusCode(409)
        .body("code", equalTo("denied_by_policy"))
        .body("detail", containsString(denies));
  }

  @Test
  void aGrantThatThePolicyKilledDoesNotRevive() {
    String program = program();
    String grant = gave(program + " *", "{\"level\":\"always\",\"uses\":5}");
    String session = world.session(mode("default"));
    allowed(session, program + " a");
    FakeStore store = new FakeStore(world);
    store.publish(
        World.OWNER,
        new UserDocument(
            1,
            null,
            Map.of(
                "Bash",
                new UserDocument.Tool(
                    null, Map.of(program + " *", new UserDocument.Entry("never", null))))));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> grant(grant).body("state", equalTo("ended")).body("reason", equalTo("policy")));
    long empty = store.publish(World.OWNER, UserDocument.EMPTY);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                as(World.OWNER)
                    .get(
                        "/internal/users/{user}/document-version?atLeast={version}",
                        World.OWNER,
                        empty)
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("reached"));
    world.prompt(world.ask(session, bash(program + " b")));
    grant(grant).body("state", equalTo("ended")).body("usesLeft", equalTo(4));
  }

  @Test
  void aGrantEndsWithItsTime() {
    String program = program();
    String until = Instant.now().plus(Duration.ofHours(1)).toString();
    String grant =
        gave(program, "{\"level\":\"always\",\"uses\":9,\"until\":\"%s\"}".formatted(until));
    allowed(world.session(mode("default")), program);
    Hold.run(
        "UPDATE permission_grant SET ends_at = clock_timestamp() WHERE id = '%s'".formatted(grant));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> grant(grant).body("state", equalTo("expired")));
    asked(world.session(mode("default")), program);
  }

  @Test
  void givenAgainItReplacesAndSentAgainItDoesNot() {
    String program = program();
    String body = "{\"level\":\"always\",\"uses\":1}";
    String first = gave(program, body);
    String second = gave(program, body);
    grant(first).body("state", equalTo("ended")).body("reason", equalTo("replaced"));
    grant(second).body("state", equalTo("active"));
    String key = id("k");
    for (int i = 0; i < 2; i++) {
      as(World.OWNER)
          .header("Idempotency-Key", key)
          .queryParam("tool", "Bash")
          .queryParam("resource", program)
          .body(body)
          .put(GRANTS, World.OWNER)
          .then()
          .statusCode(200)
          .body("state", equalTo(i == 0 ? "active" : "used_up"));
      if (i == 0) {
        allowed(world.session(mode("default")), program);
      }
    }
    as(World.OWNER)
        .header("Idempotency-Key", key)
        .queryParam("tool", "Bash")
        .queryParam("resource", program)
        .body("{\"level\":\"always\",\"uses\":2}")
        .put(GRANTS, World.OWNER)
        .then()
        .statusCode(409)
        .body("code", equalTo("command_id_reused"));
  }

  @Test
  void whatBecameOfAGrantIsInItsHistory() {
    String program = program();
    String grant = gave(program, "{\"level\":\"always\",\"uses\":1}");
    allowed(world.session(mode("default")), program);
    grant(grant).body("state", equalTo("used_up"));
    String found = "events.findAll { it.grant.id == '" + grant + "' }";
    var latest =
        as(World.OWNER)
            .queryParam("limit", 2)
            .get(GRANTS + "/history", World.OWNER)
            .then()
            .statusCode(200)
            .body(found + ".what", equalTo(List.of("used_up", "given")))
            .body(found + "[1].grant.givenBy", equalTo(World.OWNER))
            .extract();
    as(World.OWNER)
        .queryParam("limit", 1)
        .queryParam("before", latest.<String>path("events[0].at"))
        .queryParam("key", latest.<String>path("events[0].key"))
        .get(GRANTS + "/history", World.OWNER)
        .then()
        .body("events[0].key", equalTo(latest.<String>path("events[1].key")));
  }

  @Test
  void itCanBeTakenBack() {
    String program = program();
    String grant = gave(program, "{\"level\":\"always\",\"uses\":2}");
    as(World.OWNER)
        .delete(GRANTS + "/{id}", World.OWNER, grant)
        .then()
        .statusCode(200)
        .body("state", equalTo("ended"))
        .body("reason", equalTo("revoked"))
        .body("endedBy", equalTo(World.OWNER));
    asked(world.session(mode("default")), program);
    as(World.OWNER)
        .delete(GRANTS + "/{id}", World.OWNER, "nothing")
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_grant"));
  }

  @Test
  void promptsGrantsAreListedToo() {
    String session = world.session(mode("default"));
    PromptState prompt = asked(session, "make " + program());
    world.answer(prompt, "allow_session");
    grant(prompt.promptId())
        .body("state", equalTo("active"))
        .body("requestId", equalTo(prompt.requestId()))
        .body("digest", equalTo(prompt.digest()))
        .body("uses", nullValue());
    as(World.OWNER)
        .queryParam("state", "active")
        .queryParam("limit", 100)
        .get(GRANTS, World.OWNER)
        .then()
        .body("grants.id", hasItem(prompt.promptId()));
  }

  /** Asks in the name of an owner, and lets them allow it for the session. */
  private String allowedForSession(String session, String owner) {
    PermissionRequest request = World.request(session, id("r"), bash("make " + program()));
    Map<String, String> headers = world.requestHeaders(request);
    headers.put(Headers.TOKEN, world.keys.sessionToken(session, owner, "test", List.of()));
    world.wire.send(Topics.REQUESTS, session, Json.write(request), headers);
    PromptState prompt = world.prompt(request.requestId());
    world.answer(prompt, "allow_session", owner, Map.of());
    return prompt.promptId();
  }

  private ValidatableResponse livingGrants(String owner) {
    return as(owner)
        .queryParam("state", "active")
        .queryParam("limit", 100)
        .get(GRANTS, owner)
        .then()
        .statusCode(200);
  }

  @Test
  void howeverManyGrantsAreOverOneThatIsHeldStopsNone() {
    String owner = id("owner");
    String session = id("s");
    assertTrue(world.start(session, null, mode("default"), owner, Map.of()).ok());
    String grant = allowedForSession(session, owner);
    String these = "permission_grant WHERE session_id = '%s'".formatted(session);
    try (Hold held = Hold.of("SELECT FROM " + these + " FOR UPDATE")) {
      held.also(
          "UPDATE permission_grant SET ends_at = clock_timestamp() WHERE id = '%s'"
              .formatted(grant));
      Hold.run(
          """
          INSERT INTO permission_grant (tenant, id, user_id, session_id, request_id, tool, digest,
            given_by, ends_at, fence_managed, fence_document, fence_session)
          SELECT tenant, id || '-' || n, user_id, session_id, request_id, tool, digest,
            given_by, clock_timestamp(), fence_managed, fence_document, fence_session
          FROM permission_grant, generate_series(1, 12000) n WHERE id = '%s'
          """
              .formatted(grant));
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  Hold.number("SELECT count(*) FROM " + these + " AND ended = 'expired'")
                      == 12_000);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Hold.number("SELECT count(*) FROM " + these + " AND dead_at IS NULL") == 0);
    Hold.run("DELETE FROM " + these);
    world.close(session);
  }

  /** Each waits for the one before, in the database or before it. */
  @Test
  void aCrowdOfOneUsersGrantsKeepsNobodyFromTheDatabase() throws Exception {
    String owner = id("owner");
    String session = world.session(mode("default"));
    String waiting = "query LIKE '%pg_advisory_xact_lock%'";
    ExecutorService threads = Executors.newFixedThreadPool(60);
    List<Future<Integer>> crowd = new ArrayList<>();
    try (Hold held =
        Hold.of(
            "SELECT pg_advisory_xact_lock(hashtextextended('grants default/%s', 0))"
                .formatted(owner))) {
      for (int i = 0; i < 60; i++) {
        crowd.add(threads.submit(() -> statusOfGiving(owner)));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> crowd.stream().filter(Future::isDone).count() >= 51);
      assertEquals(Effect.ALLOW, world.decision(session, bash("ls")).effect());
      assertTrue(
          Hold.number(
                  "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                      + waiting)
              <= 1);
    }
    int refused = 0;
    for (Future<Integer> each : crowd) {
      refused += each.get(60, TimeUnit.SECONDS) == 429 ? 1 : 0;
    }
    threads.shutdown();
    assertTrue(refused >= 51, refused + " were refused");
    assertEquals(200, statusOfGiving(owner));
    world.close(session);
  }

  private int statusOfGiving(String owner) {
    return as(owner)
        .queryParam("tool", "Bash")
        .queryParam("resource", program())
        .body("{\"level\":\"always\",\"uses\":1}")
        .put(GRANTS, owner)
        .statusCode();
  }

  @Test
  void approvalsOfPromptsEndByThemselvesAndLeaveRoomForGrants() {
    String owner = id("owner");
    String session = id("s");
    assertTrue(world.start(session, null, mode("default"), owner, Map.of()).ok());
    Instant before = Instant.now();
    String oldest = allowedForSession(session, owner);
    String until =
        livingGrants(owner).extract().path("grants.find { it.id == '%s' }.until", oldest);
    assertTrue(Instant.parse(until).isAfter(before.plus(Duration.ofDays(29))), until);
    assertTrue(Instant.parse(until).isBefore(before.plus(Duration.ofDays(31))), until);
    Hold.run(
        """
        INSERT INTO permission_grant (tenant, id, user_id, session_id, request_id, tool, digest,
          given_by, ends_at, fence_managed, fence_document, fence_session)
        SELECT tenant, id || '-' || n, user_id, session_id, request_id, tool, digest,
          given_by, ends_at, fence_managed, fence_document, fence_session
        FROM permission_grant, generate_series(1, 200) n WHERE id = '%s'
        """
            .formatted(oldest));

    String latest = allowedForSession(session, owner);

    String living = "permission_grant WHERE dead_at IS NULL AND session_id = '" + session + "'";
    assertEquals(200, Hold.number("SELECT count(*) FROM " + living));
    livingGrants(owner).body("grants.id", hasItem(latest));
    assertEquals(
        2,
        Hold.number(
            "SELECT count(*) FROM permission_grant WHERE ended = 'replaced'"
                + " AND id IN ('%s', '%s-1')".formatted(oldest, oldest)));
    as(owner)
        .queryParam("tool", "Bash")
        .queryParam("resource", program())
        .body("{\"level\":\"always\",\"uses\":1}")
        .put(GRANTS, owner)
        .then()
        .statusCode(200);
    world.command(
        new SessionCommand(
            null, id("c"), session, SessionCommand.Action.CLOSE, null, null, null, null),
        owner,
        Map.of());
  }

  @Test
  void badOrdersAreRefusedAndSayWhatWouldBeRight() {
    refused("x", "{\"level\":\"always\"}", "uses, a session or a turn");
    refused("x", "{\"level\":\"never\",\"uses\":2}", "until");
    refused("x", "{\"level\":\"Always\",\"uses\":2}", "level must be always");
    refused("x", "{\"level\":\"always\",\"uses\":0}", "from 1 to 10000");
    refused("x", "{\"level\":\"always\",\"uses\":2000000}", "from 1 to 10000");
    refused("x", "{\"level\":\"always\",\"turn\":\"t\"}", "needs its session");
    refused("x", "{\"level\":\"always\",\"session\":\"a b\"}", "session must have");
    refused("bash -c *", "{\"level\":\"always\",\"uses\":2}", "may run anything");
    refused("*", "{\"level\":\"always\",\"uses\":2}", "over-broad");
    refused("a\u0000b", "{\"level\":\"always\",\"uses\":2}", "U+0000");
    refused(
        "x", "{\"level\":\"always\",\"uses\":2,\"until\":\"2020-01-01T00:00:00Z\"}", "in the past");
    refused(
        "x", "{\"level\":\"always\",\"uses\":2,\"until\":\"9020-01-01T00:00:00Z\"}", "ten years");
    refused("x", "{\"level\":\"always\",\"uses\":2,\"until\":\"tomorrow\"}", "must be an instant");
    give("x", "{\"level\":\"always\",\"uses\":\"2\"}").statusCode(400);
    give("x", "{\"level\":\"always\",\"times\":2}")
        .statusCode(400)
        .body("detail", containsString("times"));
    give("x", "{").statusCode(400).body("code", equalTo("malformed_json"));
    give("x", "{\"level\":\"always\",\"session\":\"nobodys\"}")
        .statusCode(404)
        .body("code", equalTo("unknown_session"));
  }

  private void refused(String resource, String body, String why) {
    give(resource, body)
        .statusCode(422)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_override"))
        .body("detail", containsString(why));
  }

  @Test
  void onlyThePersonOrAnAdminGives() {
    String program = program();
    String body = "{\"level\":\"always\",\"uses\":1}";
    String session = world.session(mode("default"));
    given()
        .header("Authorization", "Bearer " + world.token(session))
        .contentType("application/json")
        .queryParam("tool", "Bash")
        .queryParam("resource", program)
        .body(body)
        .put(GRANTS, World.OWNER)
        .then()
        .statusCode(403)
        .body("code", equalTo("agents_cannot_answer"));
    as("bob")
        .queryParam("tool", "Bash")
        .body(body)
        .put(GRANTS, World.OWNER)
        .then()
        .statusCode(403)
        .body("code", equalTo("not_authorised"));
    as("root", "admin")
        .queryParam("tool", "Bash")
        .queryParam("resource", program)
        .body(body)
        .put(GRANTS, World.OWNER)
        .then()
        .statusCode(200)
        .body("givenBy", equalTo("root"));
    as("bob").get(GRANTS, World.OWNER).then().statusCode(403);
    as("root", "admin").get(GRANTS, "\u00e9").then().statusCode(400);
  }

  @Test
  void whoErasesTheirDataAlsoErasesTheirGrants() {
    String grant = gave(program(), "{\"level\":\"always\",\"uses\":1}");
    FakeStore store = new FakeStore(world);
    store.publish(World.OWNER, UserDocument.EMPTY);
    store.erase(World.OWNER);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> grant(grant).body("id", nullValue()));
  }

  @Test
  void theVersionInForceCanBeWaitedFor() {
    FakeStore store = new FakeStore(world);
    long version = store.publish(World.OWNER, UserDocument.EMPTY);
    String path = "/internal/users/{user}/document-version?atLeast={version}";
    as(World.OWNER)
        .get(path, World.OWNER, version)
        .then()
        .statusCode(200)
        .body("reached", equalTo(true));
    as(World.OWNER)
        .get(path, World.OWNER, version + 1_000_000)
        .then()
        .statusCode(200)
        .body("reached", equalTo(false));
    as("bob").get(path, World.OWNER, 1).then().statusCode(403);
  }
}
