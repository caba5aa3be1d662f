package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.ErasureTable;
import dev.countersign.embedded.KeptConnection;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document and its overrides over HTTP. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class HttpIT {
  private static final String DOCUMENT = "/internal/users/{user}/permissions";
  private static final String OVERRIDE = "/internal/users/{user}/overrides/{tool}";

  private static World world;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static RequestSpecification as(String person, String... roles) {
    return given()
        .header(
            "Authorization",
            "Bearer "
                + world.keys.personToken(
                    person, roles.length == 0 ? new String[] {"approver"} : roles))
        .contentType("application/json");
  }

  @Test
  void everyAnswerIsSentAtOnceWhateverWasAnsweredBeforeIt() throws Exception {
    String user = World.newUser();
    String token = world.keys.personToken(user, "approver");
    String document = DOCUMENT.replace("{user}", user);
    try (KeptConnection connection = new KeptConnection(RestAssured.port, Duration.ofSeconds(20))) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, connection.ask("GET", document, token, ""));
        assertEquals(200, connection.ask("GET", "/q/health/live", null, ""));
        assertEquals(401, connection.ask("GET", document, null, ""));
        assertEquals(428, connection.ask("PUT", document, token, "{"));
        assertEquals(404, connection.ask("GET", "/q/nothing", null, ""));
      }
    }
  }

  private static void problem(ValidatableResponse response, int status, String code) {
    response
        .statusCode(status)
        .contentType("application/problem+json")
        .body("code", equalTo(code))
        .body("status", equalTo(status))
        .body("type", equalTo("urn:countersign:problem:" + code));
  }

  @Test
  void whoSettledNothingHasTheEmptyDocumentAtVersionZero() {
    String user = World.newUser();
    as(user)
        .get(DOCUMENT, user)
        .then()
        .statusCode(200)
        .header("ETag", "\"0\"")
        .body("schemaVersion", equalTo(1))
        .body("rules.allow", hasSize(0));
    assertEquals(0, World.number("select count(*) from user_permissions where user_id = ?", user));
  }

  @Test
  void whateverIsSentIsStoredInNormalForm() {
    String user = World.newUser();
    as(user)
        .header("If-Match", "\"0\"")
        .body("{\"tools\":{\"b\":{\"level\":\"ask\"},\"a\":{\"level\":\"never\"}}}")
        .put(DOCUMENT, user)
        .then()
        .statusCode(200)
        .header("ETag", "\"1\"");
    String text = as(user).get(DOCUMENT, user).asString();
    assertEquals(
        """
        {
          "rules": {
            "allow": [],
            "ask": [],
            "deny": []
          },
          "schemaVersion": 1,
          "tools": {
            "a": {
              "level": "never"
            },
            "b": {
              "level": "ask"
            }
          }
        }\
        """,
        text);
    as(user).header("If-None-Match", "\"1\"").get(DOCUMENT, user).then().statusCode(304);
  }

  @Test
  void aWholeWriteNamesTheVersionItHasSeen() {
    String user = World.newUser();
    problem(as(user).body("{}").put(DOCUMENT, user).then(), 428, "if_match_required");
    problem(
        as(user).header("If-Match", "*").body("{}").put(DOCUMENT, user).then(),
        428,
        "if_match_required");
    as(user).header("If-Match", "\"0\"").body("{}").put(DOCUMENT, user).then().statusCode(200);
    problem(
        as(user)
            .header("If-Match", "\"0\"")
            .body("{}")
            .put(DOCUMENT, user)
            .then()
            .header("ETag", "\"1\""),
        412,
        "version_conflict");
    problem(
        as(user).header("If-Match", "W/\"1\"").body("{}").put(DOCUMENT, user).then(),
        412,
        "version_conflict");
    problem(
        as(user).header("If-Match", "1").body("{}").put(DOCUMENT, user).then(),
        400,
        "invalid_request");
    as(user)
        .header("If-Match", "\"7\", \"1\"")
        .body("{}")
        .put(DOCUMENT, user)
        .then()
        .statusCode(200)
        .header("ETag", "\"2\"");
  }

  @Test
  void aBadDocumentIsRefusedWithItsLineAndColumn() {
    String user = World.newUser();
    problem(put(user, "{\n  \"tools\": {,}\n}"), 400, "malformed_json");
    put(user, "{\n  \"tools\": {,}\n}").body("detail", containsString("line 2, column 13"));
    put(user, "{\n  \"tool\": {}\n}")
        .statusCode(422)
        .body("detail", containsString("line 2, column 3"))
        .body("detail", containsString("known are schemaVersion, rules, tools"));
    put(user, "{\"tools\": {\"Bash\": {\"level\": \"Always\"}}}")
        .statusCode(422)
        .body("detail", containsString("always, ask, never, in lower case"));
    put(user, "{\"tools\":{},\"tools\":{}}").statusCode(400);
    put(user, "{\"tools\": {\"a\\u0000b\": {\"level\": \"ask\"}}}")
        .statusCode(422)
        .body("detail", containsString("U+0000"));
    put(user, "{\"rules\": {\"allow\": [1]}, \"schemaVersion\": 2}")
        .statusCode(422)
        .body("errors", hasSize(2));
    assertEquals(0, World.number("select count(*) from user_permissions where user_id = ?", user));
  }

  private static ValidatableResponse put(String user, String body) {
    return as(user).header("If-Match", "\"0\"").body(body).put(DOCUMENT, user).then();
  }

  @Test
  void aDocumentOverTheLimitIsRefused() {
    String user = World.newUser();
    problem(put(user, "x".repeat(10 * 1024 * 1024)), 413, "too_large");
    problem(put(user, " ".repeat(600 * 1024) + "{}"), 413, "too_large");
    StringBuilder many = new StringBuilder("{\"tools\":{");
    for (int i = 0; i < 30_000; i++) {
      many.append(i == 0 ? "" : ",").append("\"t").append(i).append("\":{\"level\":\"ask\"}");
    }
    problem(put(user, many.append("}}").toString()), 413, "too_large");
  }

  @Test
  void onlyTheUserOrAnAdminMay() {
    String user = World.newUser();
    problem(given().get(DOCUMENT, user).then(), 401, "missing_token");
    problem(
        given().header("Authorization", "Bearer x.y.z").get(DOCUMENT, user).then(),
        401,
        "malformed_token");
    problem(as("somebody-else").get(DOCUMENT, user).then(), 403, "not_authorised");
    as("root", "admin").get(DOCUMENT, user).then().statusCode(200);
    String session = world.keys.sessionToken("s-1", user, "gateway", List.of());
    problem(
        given()
            .header("Authorization", "Bearer " + session)
            .body("{\"level\":\"always\"}")
            .put(OVERRIDE, user, "Bash")
            .then(),
        403,
        "agents_cannot_answer");
    given()
        .header("Authorization", "Bearer " + session)
        .get(DOCUMENT, user)
        .then()
        .statusCode(200)
        .header("ETag", "\"0\"");
    problem(
        given().header("Authorization", "Bearer " + session).get(DOCUMENT, "somebody-else").then(),
        403,
        "not_authorised");
    problem(
        given()
            .header("Authorization", "Bearer " + session)
            .body("{\"oldText\":\"a\",\"newText\":\"b\"}")
            .patch(DOCUMENT, user)
            .then(),
        403,
        "agents_cannot_answer");
    problem(as("root", "admin").get(DOCUMENT, "\u00fc").then(), 400, "invalid_user");
  }

  @Test
  void overridesAreAViewOfTheDocument() {
    String user = World.newUser();
    problem(as(user).get(OVERRIDE, user, "Bash").then(), 404, "no_override");
    as(user)
        .queryParam("resource", "npm run *")
        .body("{\"level\":\"always\"}")
        .put(OVERRIDE, user, "Bash")
        .then()
        .statusCode(200)
        .header("ETag", "\"1\"")
        .body("version", equalTo(1));
    as(user)
        .queryParam("resource", "npm run *")
        .get(OVERRIDE, user, "Bash")
        .then()
        .statusCode(200)
        .body("level", equalTo("always"));
    as(user)
        .get(DOCUMENT, user)
        .then()
        .body("tools.Bash.resources.'npm run *'.level", equalTo("always"));
    as(user)
        .body("{\"level\":\"never\"}")
        .put(OVERRIDE, user, "Bash")
        .then()
        .statusCode(200)
        .body("cleared", hasItem("Bash npm run *"));
    as(user)
        .get("/internal/users/{user}/overrides", user)
        .then()
        .body("version", equalTo(2))
        .body("overrides", hasSize(1));
    as(user).delete(OVERRIDE, user, "Bash").then().statusCode(200).body("level", nullValue());
    as(user).get(DOCUMENT, user).then().body("tools", equalTo(java.util.Map.of()));
    problem(
        as(user).body("{\"level\":\"NEVER\"}").put(OVERRIDE, user, "Bash").then(),
        422,
        "invalid_override");
    problem(
        as(user).body("{\"levle\":\"never\"}").put(OVERRIDE, user, "Bash").then(),
        400,
        "invalid_request");
    problem(
        as(user)
            .header("If-Match", "\"1\"")
            .body("{\"level\":\"never\"}")
            .put(OVERRIDE, user, "Bash")
            .then(),
        412,
        "version_conflict");
  }

  @Test
  void toolsAreListedWithWhatTheUserSettled() {
    String user = World.newUser();
    String tools = "/internal/users/{user}/tools";
    as(user)
        .get(tools, user)
        .then()
        .statusCode(200)
        .header("ETag", "\"0\"")
        .body("tools.name", not(hasItem("messaging")))
        .body("others", hasSize(0));
    as(user).body("{\"level\":\"never\"}").put(OVERRIDE, user, "Bash");
    as(user).body("{\"level\":\"ask\"}").put(OVERRIDE, user, "qb_query");
    String bash = "tools.collect { it.subTools }.flatten().find { it.name == 'Bash' }.";
    as(user)
        .get(tools, user)
        .then()
        .header("ETag", "\"2\"")
        .body("version", equalTo(2))
        .body(bash + "level", equalTo("never"))
        .body(bash + "source", equalTo("override"))
        .body("others.name", equalTo(List.of("qb_query")))
        .body("others[0].kind", equalTo("other"));
    problem(as("somebody-else").get(tools, user).then(), 403, "not_authorised");
    problem(given().get(tools, user).then(), 401, "missing_token");
    String session = world.keys.sessionToken("s-1", user, "gateway", List.of());
    problem(
        given().header("Authorization", "Bearer " + session).get(tools, user).then(),
        403,
        "agents_cannot_answer");
  }

  @Test
  void aRequestSentAgainWithItsKeyChangesNothing() {
    String user = World.newUser();
    for (int i = 0; i < 2; i++) {
      as(user)
          .header("Idempotency-Key", user + "-1")
          .body("{\"level\":\"ask\"}")
          .put(OVERRIDE, user, "Read")
          .then()
          .statusCode(200)
          .body("version", equalTo(1));
    }
    problem(
        as(user)
            .header("Idempotency-Key", user + "-1")
            .body("{\"level\":\"never\"}")
            .put(OVERRIDE, user, "Read")
            .then(),
        409,
        "command_id_reused");
  }

  @Test
  void aKeyOverHttpNeverStandsForACommandOrForAnotherPersonsKey() {
    for (String level : List.of("always", "ask")) {
      String user = World.newUser();
      OverrideCommand command = World.set(user, "Read", null, "always");
      as(user)
          .header("Idempotency-Key", command.commandId())
          .body("{\"level\":\"%s\"}".formatted(level))
          .put(OVERRIDE, user, "Read")
          .then()
          .statusCode(200);
      as(user).delete(OVERRIDE, user, "Read").then().statusCode(200);

      world.send(command);
      OverrideReply reply = world.reply(command.commandId());
      assertTrue(reply.ok(), reply.detail());
      assertEquals(3, reply.version());
      assertEquals("always", reply.document().at("/tools/Read/level").textValue());

      as("boss", "admin")
          .header("Idempotency-Key", command.commandId())
          .body("{\"level\":\"never\"}")
          .put(OVERRIDE, user, "Read")
          .then()
          .statusCode(200)
          .body("version", equalTo(4));
    }
  }

  @Test
  void textIsEditedOnlyWhereItStandsOnce() {
    String user = World.newUser();
    as(user).body("{\"level\":\"ask\"}").put(OVERRIDE, user, "A").then().statusCode(200);
    as(user).body("{\"level\":\"ask\"}").put(OVERRIDE, user, "B").then().statusCode(200);
    problem(edit(user, "\\\"ask\\\"", "x"), 409, "ambiguous");
    problem(edit(user, "no such text", "x"), 409, "text_not_found");
    problem(edit(user, "\\\"A\\\": {", "\\\"A\\\": ["), 400, "malformed_json");
    edit(user, "\\\"A\\\"", "\\\"C\\\"").statusCode(200).header("ETag", "\"3\"");
    as(user).get(OVERRIDE, user, "C").then().statusCode(200);
  }

  private static ValidatableResponse edit(String user, String oldText, String newText) {
    return as(user)
        .body("{\"oldText\":\"%s\",\"newText\":\"%s\"}".formatted(oldText, newText))
        .patch(DOCUMENT, user)
        .then();
  }

  @Test
  void theHistorySaysWhoDidWhatAndAVersionCanBeRestored() {
    String user = World.newUser();
    as("root", "admin").body("{\"level\":\"ask\"}").put(OVERRIDE, user, "A");
    as(user).delete(OVERRIDE, user, "A");
    as(user)
        .body("{\"version\":1}")
        .post(DOCUMENT + "/restore", user)
        .then()
        .statusCode(200)
        .header("ETag", "\"3\"")
        .body("tools.A.level", equalTo("ask"));
    problem(
        as(user).body("{\"version\":9}").post(DOCUMENT + "/restore", user).then(),
        404,
        "unknown_version");
    as(user)
        .get("/internal/users/{user}/history", user)
        .then()
        .body("entries.action", equalTo(List.of("restore", "clear", "set")))
        .body("entries.actor", equalTo(List.of(user, user, "root")))
        .body("entries.version", equalTo(List.of(3, 2, 1)))
        .body("entries[2].before.tools", equalTo(java.util.Map.of()))
        .body("entries[2].after.tools.A.level", equalTo("ask"));
    as(user)
        .queryParam("limit", 2)
        .get("/internal/users/{user}/history", user)
        .then()
        .body("entries", hasSize(2));
  }

  @Test
  void anEraseLeavesATombstoneAndVersionsGoOn() {
    String user = World.newUser();
    as(user).body("{\"level\":\"ask\"}").put(OVERRIDE, user, "A").then().statusCode(200);
    world.document(user, 1);
    as(user).delete(DOCUMENT, user).then().statusCode(200).header("ETag", "\"2\"");
    ConsumerRecord<String, byte[]> tombstone =
        world.documents.await(r -> user.equals(r.key()) && r.value() == null);
    assertNull(tombstone.value());
    assertEquals(
        "2",
        new String(
            tombstone.headers().lastHeader(Headers.VERSION).value(), StandardCharsets.UTF_8));
    assertEquals(
        0,
        World.number(
            "select count(*) from permission_history where user_id = ? and (tool is not null or"
                + " before_document is not null or after_document is not null)",
            user));
    as(user).body("{\"level\":\"never\"}").put(OVERRIDE, user, "B").then().statusCode(200);
    OverrideDocument document = world.document(user, 3);
    assertEquals("never", document.document().at("/tools/B/level").textValue());
  }

  @Test
  void anEraseLeavesNoCopyInAnyTable() throws Exception {
    String user = World.newUser();
    String marker = "marker" + UUID.randomUUID().toString().replace("-", "");
    as(user)
        .header("If-Match", "\"0\"")
        .body("{\"rules\":{\"deny\":[\"Bash(%s *)\"]}}".formatted(marker))
        .put(DOCUMENT, user)
        .then()
        .statusCode(200);
    OverrideCommand command = noted(World.set(user, "Bash", "echo " + marker, "always"), marker);
    world.send(command).get();
    assertTrue(world.reply(command.commandId()).ok());
    as(user)
        .header("Idempotency-Key", World.newUser())
        .body("{\"level\":\"never\"}")
        .put(OVERRIDE, user, "mcp__" + marker)
        .then()
        .statusCode(200);
    assertEquals(ErasureTable.of("permissions").erased(), Tables.holding(marker));
    as(user).delete(DOCUMENT, user).then().statusCode(200);
    assertEquals(Set.of(), Tables.holding(marker));
    assertEquals(2, World.number("select count(*) from command_result where user_id = ?", user));
    assertEquals(
        0,
        World.number(
            "select count(*) from command_result where user_id = ? and digest <> 'erased'", user));
    world.send(command).get();
    world.replies.await(
        r -> {
          OverrideReply reply = Json.read(r.value(), OverrideReply.class);
          return command.commandId().equals(reply.commandId()) && "erased".equals(reply.code());
        });
    assertEquals(Set.of(), Tables.holding(marker));
  }

  private static OverrideCommand noted(OverrideCommand command, String note) {
    ChangeSource source = command.source();
    return new OverrideCommand(
        command.tenant(),
        command.commandId(),
        command.user(),
        command.action(),
        command.tool(),
        command.resource(),
        command.level(),
        command.keepNarrower(),
        new ChangeSource(source.via(), source.actor(), source.promptId(), note));
  }

  @Test
  void thePageOfErasuresKnowsEveryColumn() throws Exception {
    assertEquals(ErasureTable.of("permissions").columns(), Tables.columns());
  }

  @Test
  void theTopicIsRebuiltFromTheDatabase() {
    String user = World.newUser();
    as(user).body("{\"level\":\"ask\"}").put(OVERRIDE, user, "A").then().statusCode(200);
    world.document(user, 1);
    problem(as(user).post("/internal/documents/republish").then(), 403, "not_authorised");
    as("root", "admin").post("/internal/documents/republish").then().statusCode(202);
    List<ConsumerRecord<String, byte[]>> sent = world.documents.await(2, r -> user.equals(r.key()));
    assertEquals(
        new String(sent.get(0).value(), StandardCharsets.UTF_8),
        new String(sent.get(1).value(), StandardCharsets.UTF_8));
  }

  @Test
  void healthNamesKafkaAndPostgres() {
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body("checks.name", hasItem("kafka"))
        .body("checks.name", hasItem("postgres"))
        .body("checks.name", hasItem("topics"))
        .body("checks.name", hasItem("clock"))
        .body("checks", hasSize(4));
    given().get("/q/health/started").then().statusCode(200).body("checks.name", hasItem("started"));
    given().get("/q/health/live").then().statusCode(200).body("checks", hasSize(0));
    problem(as("x").get("/internal/nowhere").then(), 404, "not_found");
    problem(given().get("/internal/nowhere").then(), 401, "missing_token");
    problem(given().get("/internal/users/x/permissions/").then(), 401, "missing_token");
    given().get(DOCUMENT, "x").then().header("WWW-Authenticate", startsWith("Bearer"));
  }
}
