package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.requests.RequestBatch;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What comes late, or at the same time somewhere else, changes nothing that was decided. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class LateIT {
  private final World world = World.get();
  @Inject RequestBatch batch;

  private String token(String session, Instant issued) {
    return world
        .keys
        .signer(DevKeys.GATEWAY)
        .sign(
            TokenType.SESSION,
            session,
            DevKeys.TENANT,
            List.of(),
            Map.of(
                TokenClaims.OWNER,
                World.OWNER,
                TokenClaims.CLIENT,
                "test",
                TokenClaims.REPLY_TOPICS,
                List.of()),
            issued,
            Duration.ofHours(1));
  }

  private PermissionReply reply(PermissionRequest request, Instant appended) {
    InboundRecord record =
        new InboundRecord(
            Topics.REQUESTS,
            0,
            1L << 40,
            appended,
            request.sessionId().getBytes(StandardCharsets.UTF_8),
            Json.write(request),
            Map.of(Headers.TOKEN, token(request.sessionId(), appended)));
    return Json.read(
        batch.handle(List.of(record), Instant.now()).get(0).value(), PermissionReply.class);
  }

  @Test
  void aStoredAllowIsSentAgainHoweverLateItIsAskedFor() {
    String session = world.session(mode("default"));
    PermissionRequest request = World.request(session, id("r"), bash("ls"));
    assertEquals(Effect.ALLOW, world.reply(world.ask(request)).effect());
    Instant longAgo = Instant.now().minus(Duration.ofDays(3));
    PermissionReply again = reply(request, longAgo);
    assertEquals(Effect.ALLOW, again.effect(), again.reason());
    PermissionRequest other = World.request(session, request.requestId(), bash("ls -l"));
    assertEquals("request_id_reused", reply(other, longAgo).code());
    assertEquals("expired", reply(World.request(session, id("r"), bash("ls")), longAgo).code());
  }

  @Test
  void twoReplicasThatStartOneSessionAtOnceAgree() {
    String like = world.session(mode("default"));
    String session = id("s");
    CompletableFuture<SessionReply> started;
    try (Hold other =
        Hold.of(
            "INSERT INTO session (tenant, id, owner, parent, path, settings, mode_source, warnings,"
                + " version) SELECT tenant, '"
                + session
                + "', owner, parent, path, settings, mode_source, warnings, version"
                + " FROM session WHERE id = '"
                + like
                + "'")) {
      started =
          CompletableFuture.supplyAsync(
              () -> world.start(session, null, mode("default"), World.OWNER, Map.of()));
      Hold.awaitWaiting("%INSERT INTO session %", () -> false);
    }
    SessionReply reply = started.join();
    assertTrue(reply.ok(), reply.code() + ": " + reply.detail());
    assertEquals(Effect.ALLOW, world.decision(session, bash("ls")).effect());
  }

  /** As where a command comes again while its first copy is still being carried out elsewhere. */
  @Test
  void aCommandThatTwoReplicasHaveAtOnceIsCarriedOutOnceAndAnsweredAlike() {
    String session = world.session(mode("default"));
    SessionCommand plan =
        new SessionCommand(
            null, id("c"), session, SessionCommand.Action.SET, null, null, mode("plan"), null);
    SessionReply first = world.command(plan, World.OWNER, Map.of());
    assertTrue(first.ok(), first.detail());
    String which = " FROM session_command WHERE command_id = '%s'".formatted(plan.commandId());
    String note =
        Hold.texts(
                "SELECT format('INSERT INTO session_command (tenant, sender, acting_session,"
                    + " command_id, digest, reply) VALUES (%L, %L, %L, %L, %L, %L)', tenant,"
                    + " sender, acting_session, command_id, digest, reply)"
                    + which)
            .get(0);
    Hold.run("DELETE" + which);
    CompletableFuture<SessionReply> again;
    try (Hold elsewhere = Hold.of(note)) {
      again = CompletableFuture.supplyAsync(() -> world.command(plan, World.OWNER, Map.of()));
      Hold.awaitWaiting("%INSERT INTO session_command%", () -> false);
    }
    assertEquals(first, again.join());
    assertEquals(
        first.session().version(),
        Hold.number("SELECT version FROM session WHERE id = '%s'".formatted(session)));
  }

  /** Reads on from a cursor; returns the new one. */
  private String readOn(String session, String cursor, List<String> seen) {
    JsonPath page =
        given()
            .header("Authorization", "Bearer " + world.keys.personToken(World.OWNER))
            .queryParam("sessionId", session)
            .queryParam("after", cursor)
            .queryParam("limit", 2)
            .get("/internal/receipts")
            .then()
            .statusCode(200)
            .extract()
            .jsonPath();
    seen.addAll(page.getList("receipts.decision.requestId"));
    return page.getString("cursor");
  }

  private String readAll(String session, String cursor, List<String> seen) {
    String last = cursor;
    String next = readOn(session, cursor, seen);
    while (!next.equals(last)) {
      last = next;
      next = readOn(session, last, seen);
    }
    return next;
  }

  @Test
  void aReaderOfReceiptsMissesNothingThatIsDecidedLater() {
    String session = world.session(mode("default"));
    String asked = world.ask(session, bash("make it"));
    PromptState prompt = world.prompt(asked);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String request = world.ask(session, bash("ls " + i));
      world.reply(request);
      expected.add(request);
    }
    List<String> seen = new ArrayList<>();
    String cursor = readAll(session, "0", seen);
    assertEquals(expected, seen);
    world.answer(prompt, "allow_once");
    expected.add(asked);
    cursor = readAll(session, cursor, seen);
    assertEquals(expected, seen);
    // One that was decided first and is committed last.
    String slow = world.ask(session, bash("make slow"));
    world.prompt(slow);
    try (Hold deciding =
        Hold.of(
            "UPDATE request SET state = 'decided', effect = 'deny', decided_by = 'timeout',"
                + " code = 'timeout', reason = '-', decided_at = clock_timestamp(),"
                + " decided_xid = pg_current_xact_id()::text::bigint WHERE request_id = '"
                + slow
                + "'")) {
      String fast = world.ask(session, bash("ls fast"));
      world.reply(fast);
      cursor = readAll(session, cursor, seen);
      expected.add(slow);
      expected.add(fast);
    }
    String from = cursor;
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              readAll(session, from, seen);
              return seen.containsAll(expected);
            });
    given()
        .header("Authorization", "Bearer " + world.keys.personToken(World.OWNER))
        .queryParam("after", "yesterday")
        .get("/internal/receipts")
        .then()
        .statusCode(400);
  }
}
