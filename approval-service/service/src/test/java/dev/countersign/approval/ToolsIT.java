package dev.countersign.approval;

import static dev.countersign.approval.World.call;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tool catalogue with an operator's file, over HTTP and at the gate. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ToolsIT {
  private final World world = World.get();

  private ValidatableResponse get(String token, String path) {
    return given().header("Authorization", "Bearer " + token).get(path).then();
  }

  private String person() {
    return world.keys.personToken("bob");
  }

  @Test
  void theCatalogueIsListedInGroupsWithoutWhatIsHidden() {
    get(person(), "/internal/tools")
        .statusCode(200)
        .body("tools.name", hasItems("claude-code", "codex", "mcp__books"))
        .body("tools.name", not(hasItem("messaging")))
        .body("tools.find { it.name == 'mcp__books' }.subTools.name", hasItem("mcp__books__query"))
        .body(
            "tools.find { it.name == 'mcp__books' }.subTools.name",
            not(hasItem("mcp__books__close")))
        .body(
            "tools.find { it.name == 'claude-code' }.subTools.find { it.name == 'Bash' }.kind",
            equalTo("execute"));
    String session = world.session(mode("default"));
    get(world.token(session), "/internal/tools").statusCode(200);
    given().get("/internal/tools").then().statusCode(401).body("code", equalTo("missing_token"));
  }

  @Test
  void oneToolIsFoundByItsExactNameHiddenOrNot() {
    get(person(), "/internal/tools/send_reply")
        .statusCode(200)
        .body("kind", equalTo("other"))
        .body("defaultLevel", equalTo("always"))
        .body("group", equalTo("messaging"))
        .body("hiddenInPermissions", equalTo(true));
    get(person(), "/internal/tools/mcp__books__close").body("defaultLevel", equalTo("never"));
    get(person(), "/internal/tools/Bash")
        .body("defaultLevel", nullValue())
        .body("subTools.size()", equalTo(0));
    get(person(), "/internal/tools/messaging").body("subTools.name", hasItem("send_reply"));
    get(person(), "/internal/tools/books/with/slashes").body("name", equalTo("books/with/slashes"));
    get(person(), "/internal/tools/qb_query")
        .statusCode(404)
        .contentType("application/problem+json")
        .body("code", equalTo("unknown_tool"))
        .body("detail", containsString("kind other"));
  }

  @Test
  void theGateUsesTheDefaultsOfTheFile() {
    String session = world.session(mode("default"));
    PermissionReply query = world.decision(session, call("mcp__books__query", Map.of("q", "x")));
    assertEquals(Effect.ALLOW, query.effect());
    assertEquals(DecidedBy.DEFAULT, query.decidedBy());
    PermissionReply close = world.decision(session, call("mcp__books__close", Map.of()));
    assertEquals(Effect.DENY, close.effect());
    assertEquals(DecidedBy.DEFAULT, close.decidedBy());
    assertEquals(
        "Asks by default for this tool.",
        world.prompt(world.ask(session, call("mcp__books__book", Map.of()))).reason());
    given()
        .header("Authorization", "Bearer " + person())
        .contentType("application/json")
        .body(Map.of("toolCall", Map.of("tool", "mcp__books__query", "input", Map.of())))
        .post("/internal/evaluate")
        .then()
        .body("decidedBy", equalTo("default"));
  }

  private Map<String, String> offered(String session) {
    List<Map<String, String>> tools =
        get(world.token(session), "/internal/sessions/" + session + "/tools")
            .statusCode(200)
            .body("sessionId", equalTo(session))
            .extract()
            .path("tools");
    return tools.stream().collect(Collectors.toMap(t -> t.get("name"), t -> t.get("runs")));
  }

  @Test
  void aSessionsToolsAreThoseThatCouldRun() {
    String session = world.session(mode("plan"));
    Map<String, String> plan = offered(session);
    assertFalse(plan.containsKey("Edit"));
    assertFalse(plan.containsKey("mcp__books__close"));
    assertEquals("depends", plan.get("Bash"));
    assertEquals("asks", plan.get("mcp__books__book"));
    assertEquals("asks", plan.get("mcp__books__query"), "nothing proves that it only reads");
    assertEquals("asks", plan.get("send_reply"));
    assertEquals(
        Effect.DENY, world.decision(session, call("Edit", Map.of("file_path", "x"))).effect());
    world.set(session, mode("default"));
    assertEquals("asks", offered(session).get("Edit"));
    world.close(session);
    assertEquals(Map.of(), offered(session));
    get(person(), "/internal/sessions/" + session + "/tools")
        .statusCode(404)
        .body("code", equalTo("unknown_session"));
  }
}
