package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Overrides that end, that give way to broader ones, and what all of them come to. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class OverridesIT {
  private static final String OVERRIDE = "/internal/users/{user}/overrides/{tool}";
  private static final String HISTORY = "/internal/users/{user}/history";
  private static final String ALWAYS_UNTIL = "{\"level\":\"always\",\"until\":\"%s\"}";

  private static World world;

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

  private static ValidatableResponse set(String user, String resource, String body) {
    RequestSpecification request = as(user).body(body);
    if (resource != null) {
      request.queryParam("resource", resource);
    }
    return request.put(OVERRIDE, user, "Bash").then();
  }

  private static void refused(ValidatableResponse response, String why) {
    response
        .statusCode(422)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_override"))
        .body("detail", containsString(why));
  }

  private static String in(Duration time) {
    return Instant.now().plus(time).toString();
  }

  /**
   * Settles something that ends soon; for a store that hears of it only after its end, a bit later.
   * Returns the end.
   */
  private static String endingSoon(Function<String, ValidatableResponse> settle) {
    for (Duration time = Duration.ofSeconds(2); ; time = time.multipliedBy(4)) {
      String end = in(time);
      int status = settle.apply(end).extract().statusCode();
      if (status == 200) {
        return end;
      }
      assertEquals(422, status);
      assertTrue(time.compareTo(Duration.ofMinutes(2)) < 0, "not even in " + time);
    }
  }

  @Test
  void documentsThatCannotBeReadNeverStopAnothersEnd() {
    String marker = "unreadable-" + UUID.randomUUID();
    World.update(
        "insert into user_permissions (tenant, user_id, version, document, published_version,"
            + " next_end, updated_at) select 'default', ? || i, 1, 'no document', 1,"
            + " now() - interval '1 day', now() from generate_series(1, 250) i",
        marker);
    try {
      String user = World.newUser();
      endingSoon(until -> set(user, "make", ALWAYS_UNTIL.formatted(until)));

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  World.number(
                          "select count(*) from permission_history where user_id = ?"
                              + " and action = 'expire'",
                          user)
                      == 1);
    } finally {
      World.update("delete from user_permissions where user_id like ? || '%'", marker);
    }
  }

  @Test
  void whatHasEndedLeavesTheDocumentWithALineInTheHistory() {
    String user = World.newUser();
    String later = in(Duration.ofHours(1));
    set(user, "make", ALWAYS_UNTIL.formatted(later)).statusCode(200).body("until", equalTo(later));
    set(user, "ls", "{\"level\":\"always\"}").statusCode(200);
    as(user).queryParam("resource", "make").get(OVERRIDE, user, "Bash").then().statusCode(200);
    String until =
        endingSoon(
            end ->
                as(user)
                    .header("If-Match", "\"2\"")
                    .body(
                        """
                        {"tools":{"Bash":{"level":"ask","until":"%s","resources":{
                          "make":{"level":"always","until":"%s"},"ls":{"level":"always"}}}}}
                        """
                            .formatted(end, end))
                    .put("/internal/users/{user}/permissions", user)
                    .then());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                as(user)
                    .get("/internal/users/{user}/overrides", user)
                    .then()
                    .header("ETag", "\"4\"")
                    .body("overrides", hasSize(1))
                    .body("overrides[0].resource", equalTo("ls")));
    as(user)
        .get(HISTORY, user)
        .then()
        .body("entries", hasSize(4))
        .body("entries[0].version", equalTo(4))
        .body("entries[0].action", equalTo("expire"))
        .body("entries[0].via", equalTo("expired"))
        .body("entries[0].actor", nullValue())
        .body("entries[0].note", containsString("Bash(make): always until " + until))
        .body("entries[0].before.tools.Bash.level", equalTo("ask"))
        .body("entries[0].after.tools.Bash.level", nullValue());
    assertEquals(4, world.document(user, 4).version());
    // What was there before can be had again, but not what has ended since.
    as(user)
        .body("{\"version\":3}")
        .post("/internal/users/{user}/permissions/restore", user)
        .then()
        .statusCode(200)
        .body("tools.Bash.resources", org.hamcrest.Matchers.hasKey("ls"))
        .body("tools.Bash.resources.size()", equalTo(1));
  }

  @Test
  void aWriterNeverFindsWhatHasEnded() {
    String user = World.newUser();
    String until = endingSoon(end -> set(user, "make", ALWAYS_UNTIL.formatted(end)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Instant.now().isAfter(Instant.parse(until).plusMillis(100)));
    set(user, "ls", "{\"level\":\"always\"}").statusCode(200).body("version", equalTo(3));
    JsonNode entries = Json.readTree(as(user).get(HISTORY, user).asByteArray()).path("entries");
    assertEquals("expire", entries.path(1).path("action").asText());
    assertEquals(2, entries.path(1).path("version").asInt());
  }

  @Test
  void anEndInThePastOrAbsurdlyFarIsRefusedHoweverItComes() {
    String user = World.newUser();
    String always = "{\"level\":\"always\",\"until\":\"%s\"}";
    refused(set(user, "make", always.formatted("2001-01-01T00:00:00Z")), "until is in the past");
    refused(set(user, "make", always.formatted("2999-01-01T00:00:00Z")), "ten years");
    refused(set(user, null, always.formatted("tomorrow")), "must be an instant");
    as(user)
        .header("If-Match", "\"0\"")
        .body("{\"tools\":{\"Bash\":{\"level\":\"ask\",\"until\":\"2001-01-01T00:00:00Z\"}}}")
        .put("/internal/users/{user}/permissions", user)
        .then()
        .statusCode(422)
        .body("code", equalTo("invalid_document"))
        .body("errors[0].field", equalTo("tools.\"Bash\".until"));
    OverrideReply past = command(user, "2001-01-01T00:00:00Z");
    assertEquals("invalid_override", past.code());
    String until = in(Duration.ofDays(1));
    OverrideReply set = command(user, until);
    assertEquals(
        until, set.document().at("/tools/Bash/resources/make/until").asText(), set.toString());
    assertEquals(1, World.historyLines(user));
  }

  private static OverrideReply command(String user, String until) {
    OverrideCommand command =
        new OverrideCommand(
            null,
            UUID.randomUUID().toString(),
            user,
            OverrideCommand.Action.SET,
            "Bash",
            "make",
            "always",
            false,
            new ChangeSource(ChangeSource.Via.DASHBOARD, user, null, null),
            until);
    world.send(command);
    return world.reply(command.commandId());
  }

  @Test
  void aBroaderNeverSaysWhatItClearedOrKept() {
    String user = World.newUser();
    set(user, "npm test", "{\"level\":\"always\"}");
    set(user, "npm audit", "{\"level\":\"ask\"}");
    set(user, "npm *", "{\"level\":\"never\",\"keepNarrower\":true}")
        .body("kept", equalTo(List.of("Bash npm test")))
        .body("cleared", hasSize(0));
    set(user, null, "{\"level\":\"never\"}")
        .body("cleared", equalTo(List.of("Bash npm test")))
        .body("kept", hasSize(0));
    as(user)
        .get("/internal/users/{user}/overrides", user)
        .then()
        .body("overrides.resource", hasItem("npm audit"))
        .body("overrides", hasSize(3));
  }

  @Test
  void theEffectiveLevelNamesItsSource() {
    String user = World.newUser();
    String until = in(Duration.ofHours(1));
    set(user, "npm *", "{\"level\":\"always\",\"until\":\"%s\"}".formatted(until));
    set(user, "npm publish", "{\"level\":\"never\"}");
    effective(user, "Bash", "npm publish")
        .body("level", equalTo("never"))
        .body("source", equalTo("override_exact"))
        .body("entry", equalTo("Bash(npm publish)"));
    effective(user, "Bash", "npm test")
        .body("level", equalTo("always"))
        .body("source", equalTo("override_pattern"))
        .body("because", equalTo("The user settled Bash(npm *): always."));
    effective(user, "Bash", "make")
        .body("level", nullValue())
        .body("source", equalTo("mode"))
        .header("ETag", "\"2\"");
    effective(user, "send_reply", null)
        .body("level", equalTo("always"))
        .body("source", equalTo("catalogue"));
    as(user)
        .queryParam("effective", true)
        .queryParam("cwd", "proj")
        .get(OVERRIDE, user, "Bash")
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_request"));
  }

  private static ValidatableResponse effective(String user, String tool, String resource) {
    RequestSpecification request = as(user).queryParam("effective", true);
    if (resource != null) {
      request.queryParam("resource", resource);
    }
    return request.get(OVERRIDE, user, tool).then().statusCode(200);
  }

  @Test
  void namesThatCannotBeAreRefusedByEveryVerb() {
    String user = World.newUser();
    for (String tool : List.of("Ba\u0000sh", "Bash*", "x".repeat(257))) {
      refused(as(user).get(OVERRIDE, user, tool).then(), "");
      refused(as(user).body("{\"level\":\"ask\"}").put(OVERRIDE, user, tool).then(), "");
      refused(as(user).delete(OVERRIDE, user, tool).then(), "");
    }
    refused(
        as(user).queryParam("resource", "a\u0007b").get(OVERRIDE, user, "Bash").then(), "U+0007");
    refused(set(user, "a\u0007b", "{\"level\":\"ask\"}"), "U+0007");
    assertEquals(0, World.historyLines(user));
  }
}
