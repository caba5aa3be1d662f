package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.authority.AuthorityTable;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.token.TokenType;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may erase whom, against the page that says so. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class EraseAuthorityIT {
  private static final String DOCUMENT = "/internal/users/{user}/permissions";

  private static World world;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static String tokenOf(String caller, String user) {
    DevKeys keys = world.keys;
    return switch (caller) {
      case "agent" -> keys.sessionToken("s-1", user, "gateway", List.of());
      case "the user, approver" -> keys.personToken(user, "approver");
      case "the user, viewer" -> keys.personToken(user);
      case "admin" -> keys.personToken("somebody", "admin");
      case "other" -> keys.personToken("somebody", "approver", "bypass");
      case "stranger" -> elsewhere(user);
      default -> throw new IllegalArgumentException(caller);
    };
  }

  /** Of another tenant, by the same name, and its admin. */
  private static String elsewhere(String user) {
    return world
        .keys
        .signer(DevKeys.PEOPLE)
        .sign(
            TokenType.PERSON,
            user,
            "elsewhere",
            List.of("admin", "approver"),
            Map.of(),
            Instant.now(),
            Duration.ofHours(1));
  }

  private static String settled() throws Exception {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make all", "never");
    world.send(command).get();
    assertEquals(1, world.reply(command.commandId()).version());
    return user;
  }

  private static void stands(String user, boolean stands) {
    given()
        .header("Authorization", "Bearer " + world.keys.personToken(user))
        .get(DOCUMENT, user)
        .then()
        .header("ETag", is(stands ? "\"1\"" : "\"2\""))
        .body(stands ? containsString("make all") : not(containsString("make all")));
  }

  @Test
  void onlyTheUserAndAnAdminErase() throws Exception {
    AuthorityTable table = AuthorityTable.ofCheckout();
    for (String caller :
        List.of("agent", "the user, approver", "the user, viewer", "admin", "other", "stranger")) {
      String user = settled();
      boolean may = table.grants("everything else", "erase it", caller);
      int status =
          given()
              .header("Authorization", "Bearer " + tokenOf(caller, user))
              .delete(DOCUMENT, user)
              .statusCode();
      if (may) {
        assertEquals(200, status, caller);
      } else if (!caller.equals("stranger")) {
        assertEquals(403, status, caller);
      }
      stands(user, !may);
    }
  }

  @Test
  void nobodyErasesOverKafka() throws Exception {
    String user = settled();
    for (String action : List.of("erase", "delete", "ERASE")) {
      byte[] value = commandOf(user, action);
      refused(user, value, world.asService(value));
      value = commandOf(user, action);
      refused(user, value, world.asPerson(user, List.of("approver"), Map.of(), value));
      value = commandOf(user, action);
      refused(user, value, world.asPerson("somebody", List.of("admin"), Map.of(), value));
    }
    stands(user, true);
  }

  private static byte[] commandOf(String user, String action) {
    ObjectNode command =
        (ObjectNode) Json.readTree(Json.write(World.set(user, "Bash", "make all", "ask")));
    command.put("action", action);
    command.put("commandId", UUID.randomUUID().toString());
    return Json.write(command);
  }

  private static void refused(String user, byte[] value, String assertion) throws Exception {
    world.send(user, value, assertion, null).get();
    OverrideReply reply = world.reply(Json.readTree(value).path("commandId").textValue());
    assertFalse(reply.ok(), reply.code());
  }
}
