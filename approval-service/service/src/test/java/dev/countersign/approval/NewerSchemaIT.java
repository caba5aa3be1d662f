package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.db.Database;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a newer version of the service stored is not understood half: it decides nothing. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class NewerSchemaIT {
  @Inject Database database;
  private final World world = World.get();

  private void store(String session, String from, String to) {
    database.query(
        "UPDATE session SET settings = replace(settings, $2, $3), version = version + 1"
            + " WHERE id = $1",
        session,
        from,
        to);
  }

  @Test
  void settingsOfANewerVersionFailClosed() {
    String session = world.session(mode("bypassPermissions"), "bypass");
    assertEquals(Effect.ALLOW, world.decision(session, bash("make all")).effect());
    store(session, "{\"schemaVersion\":1", "{\"schemaVersion\":2");

    PermissionReply denied = world.decision(session, bash("make all"));
    assertEquals(Effect.DENY, denied.effect());
    assertEquals(DecidedBy.SYSTEM, denied.decidedBy());
    assertTrue(denied.reason().contains("schemaVersion 2"), denied.reason());
    SessionReply refused = world.set(session, mode("plan"));
    assertFalse(refused.ok());
    assertEquals("newer_schema", refused.code());
    given()
        .header("Authorization", "Bearer " + world.token(session))
        .get("/internal/sessions/" + session)
        .then()
        .statusCode(503)
        .body("code", equalTo("newer_schema"))
        .body("detail", containsString("schemaVersion 2"));

    store(session, "{\"schemaVersion\":2", "{\"schemaVersion\":1");
    assertEquals(Effect.ALLOW, world.decision(session, bash("make all")).effect());
    assertTrue(world.set(session, mode("plan")).ok());
  }

  @Test
  void settingsFromBeforeThereWereVersionsAreRead() {
    String session = world.session(mode("bypassPermissions"), "bypass");
    store(session, "\"schemaVersion\":1,", "");
    assertEquals(Effect.ALLOW, world.decision(session, bash("make all")).effect());
  }

  @Test
  void anOpenPromptOfANewerVersionIsDeniedWithTheReason() {
    String session = world.session(mode("default"));
    String request = world.ask(session, bash("make all"));
    world.prompt(request);
    database.query(
        "UPDATE request_input SET call = convert_to(replace(convert_from(call, 'UTF8'),"
            + " '\"schemaVersion\":1', '\"schemaVersion\":3'), 'UTF8') WHERE request_id = $1",
        request);
    assertTrue(world.set(session, mode("acceptEdits")).ok());
    PermissionReply denied = world.reply(request);
    assertEquals(DecidedBy.SYSTEM, denied.decidedBy());
    assertTrue(denied.reason().contains("schemaVersion 3"), denied.reason());
  }

  @Test
  void aDocumentOfANewerVersionFailsClosed() {
    String session = id("s");
    assertTrue(
        world.start(session, null, mode("bypassPermissions"), "zoe", Map.of(), "bypass").ok());
    database.query(
        "INSERT INTO override_projection (tenant, user_id, version, document)"
            + " VALUES ('default', 'zoe', 1, convert_to($1, 'UTF8'))",
        "{\"schemaVersion\":2}");
    PermissionRequest request = World.request(session, id("r"), bash("make all"));
    Map<String, String> headers = world.requestHeaders(request);
    headers.put(Headers.TOKEN, world.keys.sessionToken(session, "zoe", "test", List.of()));
    world.wire.send(Topics.REQUESTS, session, Json.write(request), headers);
    PermissionReply denied = world.reply(request.requestId());
    assertEquals(DecidedBy.SYSTEM, denied.decidedBy());
    assertTrue(denied.reason().contains("schemaVersion is 2"), denied.reason());
  }
}
