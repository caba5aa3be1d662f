package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A write that loosens settles open prompts as an answer does, so it takes the role that an answer
 * takes. Tightening takes none, whichever way it comes.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class LooseningIT {
  private static final String DOCUMENT = "/internal/users/{user}/permissions";
  private static final String OVERRIDE = "/internal/users/{user}/overrides/Bash";

  private static final String STRICT =
      """
      {"rules":{"deny":["Bash(dd *)"]},
       "tools":{"Bash":{"resources":{"make":{"level":"ask"}}}}}""";

  private static final String LOOSER =
      """
      {"rules":{"deny":["Bash(dd *)"]},
       "tools":{"Bash":{"resources":{"make":{"level":"ask"},"ls":{"level":"always"}}}}}""";

  private static final String LOOSEST =
      """
      {"rules":{"deny":["Bash(dd *)"]},
       "tools":{"Bash":{"resources":{"make":{"level":"ask"},"ls":{"level":"always"},
        "cmake":{"level":"always"}}}}}""";

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
        .header("Authorization", "Bearer " + world.keys.personToken(person, roles))
        .contentType("application/json");
  }

  /** One way to write, in both directions, from the last version that is settled. */
  private record Way(
      String name,
      Function<RequestSpecification, Response> tightens,
      Function<RequestSpecification, Response> widens) {}

  private static List<Way> ways(String user) {
    return List.of(
        new Way(
            "PUT",
            as -> as.header("If-Match", "\"3\"").body(STRICT).put(DOCUMENT, user),
            as -> as.header("If-Match", "\"3\"").body("{}").put(DOCUMENT, user)),
        new Way(
            "PATCH",
            as -> as.body(edit("never")).patch(DOCUMENT, user),
            as -> as.body(edit("always")).patch(DOCUMENT, user)),
        new Way(
            "restore",
            as -> as.body("{\"version\":1}").post(DOCUMENT + "/restore", user),
            as -> as.body("{\"version\":2}").post(DOCUMENT + "/restore", user)),
        new Way(
            "import",
            as -> imported(as, user, "{\"tools\":{\"Read\":{\"level\":\"never\"}}}"),
            as ->
                imported(
                    as,
                    user,
                    "{\"tools\":{\"Bash\":{\"resources\":{\"cmake\":{\"level\":\"always\"}}}}}")),
        new Way(
            "PUT override",
            as -> as.body("{\"level\":\"never\"}").put(OVERRIDE + "?resource=make", user),
            as -> as.body("{\"level\":\"always\"}").put(OVERRIDE + "?resource=make", user)),
        new Way(
            "DELETE override",
            as -> as.delete(OVERRIDE + "?resource=ls", user),
            as -> as.delete(OVERRIDE + "?resource=make", user)));
  }

  private static String edit(String level) {
    return new String(
        Json.write(
            Map.of("oldText", "\"level\": \"ask\"", "newText", "\"level\": \"" + level + "\"")));
  }

  private static Response imported(RequestSpecification as, String user, String file) {
    return as.queryParam("format", "permissions").body(file).post(DOCUMENT + "/import", user);
  }

  private static String settled() {
    String user = World.newUser();
    write(user, 0, STRICT);
    write(user, 1, LOOSEST);
    write(user, 2, LOOSER);
    return user;
  }

  private static void write(String user, long version, String document) {
    as(user, "approver")
        .header("If-Match", "\"" + version + "\"")
        .body(document)
        .put(DOCUMENT, user)
        .then()
        .statusCode(200);
  }

  private static long version(String user) {
    return World.number("select version from user_permissions where user_id = ?", user);
  }

  @Test
  void withoutTheRoleAWriteOnlyTightensWhicheverWayItComes() {
    for (int way = 0; way < ways("").size(); way++) {
      String user = settled();
      Way write = ways(user).get(way);
      Response refused = write.widens().apply(as(user));
      assertEquals(403, refused.statusCode(), write.name() + ": " + refused.asString());
      refused
          .then()
          .contentType("application/problem+json")
          .body("code", equalTo("not_entitled"))
          .body("detail", containsString("the role approver or admin"));
      assertEquals(3, version(user), write.name());
      Response stored = write.tightens().apply(as(user));
      assertEquals(200, stored.statusCode(), write.name() + ": " + stored.asString());
      assertEquals(4, version(user), write.name());
    }
  }

  @Test
  void withTheRoleAnyWriteMayLoosen() {
    for (String role : List.of("approver", "admin")) {
      for (int way = 0; way < ways("").size(); way++) {
        String user = settled();
        Way write = ways(user).get(way);
        Response stored = write.widens().apply(as(user, role));
        assertEquals(200, stored.statusCode(), write.name() + ": " + stored.asString());
        assertEquals(4, version(user), write.name());
      }
    }
  }

  @Test
  void aDryRunOfAnImportThatLoosensIsRefusedTheSameWay() {
    String user = settled();
    imported(
            as(user).queryParam("dryRun", true),
            user,
            "{\"tools\":{\"Edit\":{\"level\":\"always\"}}}")
        .then()
        .statusCode(403)
        .body("code", equalTo("not_entitled"));
  }

  @Test
  void aRefusedKeyIsCarriedOutOnceTheRoleIsThere() {
    String user = settled();
    String key = "k-" + UUID.randomUUID();
    for (int i = 0; i < 2; i++) {
      as(user)
          .header("Idempotency-Key", key)
          .body("{\"level\":\"always\"}")
          .put(OVERRIDE + "?resource=make", user)
          .then()
          .statusCode(403);
    }
    as(user, "approver")
        .header("Idempotency-Key", key)
        .body("{\"level\":\"always\"}")
        .put(OVERRIDE + "?resource=make", user)
        .then()
        .statusCode(200)
        .body("version", equalTo(4));
  }

  @Test
  void whoeverADocumentIsAboutMayHaveItErased() {
    String user = settled();
    as(user).delete(DOCUMENT, user).then().statusCode(200);
  }

  @Test
  void aPersonsCommandOverKafkaNeedsTheRoleToo() {
    String user = settled();
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
            new ChangeSource(ChangeSource.Via.DASHBOARD, user, null, null));
    byte[] value = Json.write(command);
    world.send(user, value, world.asPerson(user, List.of(), Map.of(), value), "first");
    OverrideReply refused = world.reply(command.commandId());
    assertEquals("not_entitled", refused.code());
    assertEquals(3, version(user));
    world.send(user, value, world.asPerson(user, List.of("approver"), Map.of(), value), "second");
    OverrideReply stored =
        Json.read(
            world.replies.await(r -> "second".equals(replyTo(r))).value(), OverrideReply.class);
    assertTrue(stored.ok(), stored.code());
    assertEquals(4, stored.version());
  }

  private static String replyTo(ConsumerRecord<String, byte[]> record) {
    Header header = record.headers().lastHeader(Headers.REPLY_TO);
    return header == null ? null : new String(header.value());
  }
}
