package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.call;
import static dev.countersign.approval.World.id;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.ToolCall;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Custom profiles: who writes them, what sessions get, and that a change is part of the fence. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ProfilesIT {
  private static final Map<String, Object> DOCS = roots("/proj/docs");
  private static final ToolCall IN_DOCS =
      call("Write", Map.of("file_path", "/proj/docs/a", "content", "x"));
  private static final ToolCall IN_SRC =
      call("Write", Map.of("file_path", "/proj/src/a", "content", "x"));

  private final World world = World.get();

  private static Map<String, Object> roots(String... roots) {
    return Map.of("schemaVersion", 1, "base", "workspace", "writableRoots", List.of(roots));
  }

  private static Map<String, Object> with(Map<String, Object> document, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(document);
    changed.put(key, value);
    return changed;
  }

  private RequestSpecification person(String who, String... roles) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(who, roles))
        .contentType("application/json");
  }

  private ValidatableResponse put(RequestSpecification by, String name, Object document) {
    return by.body(document).put("/internal/profiles/{name}", name).then();
  }

  private ValidatableResponse create(String name, Object document) {
    return put(person(World.OWNER), name, document).statusCode(201);
  }

  private ValidatableResponse change(String name, Object document) {
    String etag =
        person(World.OWNER)
            .get("/internal/profiles/{name}", name)
            .then()
            .statusCode(200)
            .extract()
            .header("ETag");
    return put(person(World.OWNER).header("If-Match", etag), name, document).statusCode(200);
  }

  private static SessionSettings profile(String mode, String profile) {
    return new SessionSettings(
        mode, profile, null, null, null, List.of("/proj"), null, null, null, null, null);
  }

  private SessionReply start(String mode, String name, String owner, String... roles) {
    return world.start(
        id("s"), null, profile(mode, "custom(" + name + ")"), owner, Map.of(), roles);
  }

  private long version(String session) {
    return person(World.OWNER)
        .get("/internal/sessions/{id}", session)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getLong("version");
  }

  @Test
  void theFirstWriterOwnsItAndChangesItByVersion() {
    String name = id("p");
    create(name, DOCS)
        .header("ETag", "\"1\"")
        .body("owner", equalTo(World.OWNER))
        .body("profile.base", equalTo("workspace"))
        .body("profile.schemaVersion", equalTo(1));
    put(person(World.OWNER), name, DOCS)
        .statusCode(428)
        .contentType("application/problem+json")
        .body("code", equalTo("if_match_required"));
    put(person(World.OWNER).header("If-Match", "\"7\""), name, DOCS)
        .statusCode(412)
        .body("code", equalTo("version_conflict"));
    put(person(World.OWNER).header("If-None-Match", "*"), name, DOCS).statusCode(412);
    put(person(World.OWNER).header("If-Match", "nonsense"), name, DOCS).statusCode(400);
    Map<String, Object> more = with(DOCS, "execution", List.of("npm run"));
    put(person(World.OWNER).header("If-Match", "\"1\""), name, more)
        .statusCode(200)
        .header("ETag", "\"2\"")
        .body("profile.execution", equalTo(List.of("npm run")))
        .body("changedBy", equalTo(World.OWNER));
    put(person("boss", "admin").header("If-Match", "\"2\""), name, DOCS)
        .statusCode(200)
        .body("owner", equalTo(World.OWNER))
        .body("changedBy", equalTo("boss"));
    person(World.OWNER)
        .header("If-Match", "\"2\"")
        .delete("/internal/profiles/{name}", name)
        .then()
        .statusCode(412);
    person(World.OWNER)
        .header("If-Match", "\"3\"")
        .delete("/internal/profiles/{name}", name)
        .then()
        .statusCode(204);
    person(World.OWNER)
        .get("/internal/profiles/{name}", name)
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_profile"));
    put(person(World.OWNER).header("If-Match", "\"3\""), name, DOCS).statusCode(412);
    put(person("bob"), name, DOCS).statusCode(201).header("ETag", "\"5\"");
  }

  @Test
  void whatIsSomeoneElsesIsNeitherSeenNorChanged() {
    String name = id("p");
    create(name, DOCS);
    person("bob").get("/internal/profiles/{name}", name).then().statusCode(404);
    person("bob").get("/internal/profiles").then().body("profiles.name", not(hasItem(name)));
    person("bob").delete("/internal/profiles/{name}", name).then().statusCode(404);
    put(person("bob").header("If-Match", "\"1\""), name, DOCS)
        .statusCode(403)
        .body("code", equalTo("not_yours"));
    person(World.OWNER).get("/internal/profiles").then().body("profiles.name", hasItem(name));
    person("boss", "admin").get("/internal/profiles").then().body("profiles.name", hasItem(name));
    String agent = world.token(world.session(World.mode("default")));
    for (String method : List.of("GET", "PUT", "DELETE")) {
      given()
          .header("Authorization", "Bearer " + agent)
          .contentType("application/json")
          .body(DOCS)
          .request(method, "/internal/profiles/{name}", name)
          .then()
          .statusCode(403)
          .body("code", equalTo("wrong_type"));
    }
    given().get("/internal/profiles").then().statusCode(401);
  }

  @Test
  void onlyAnAdministratorSharesAndChangesWhatIsShared() {
    String name = id("p");
    Map<String, Object> shared = with(DOCS, "shared", true);
    put(person(World.OWNER), name, shared)
        .statusCode(403)
        .body("code", equalTo("not_entitled"))
        .body("errors[0].field", equalTo("shared"));
    create(name, DOCS);
    put(person("boss", "admin").header("If-Match", "\"1\""), name, shared).statusCode(200);
    put(person(World.OWNER).header("If-Match", "\"2\""), name, DOCS)
        .statusCode(403)
        .body("code", equalTo("not_entitled"));
    person("bob").get("/internal/profiles/{name}", name).then().statusCode(200);
    assertEquals("custom(" + name + ")", start("acceptEdits", name, "bob").session().profile());
  }

  @Test
  void wideBasesNeedTheRoleBypass() {
    String name = id("p");
    for (String base : List.of("full_access", "external_sandbox")) {
      put(person(World.OWNER, "admin"), name, with(DOCS, "base", base))
          .statusCode(403)
          .body("code", equalTo("not_entitled"))
          .body("errors[0].field", equalTo("base"));
    }
    put(person(World.OWNER, "bypass"), name, with(DOCS, "base", "full_access")).statusCode(201);
    SessionReply dropped = start("acceptEdits", name, World.OWNER);
    assertEquals("workspace", dropped.session().profile());
    assertTrue(
        dropped.session().warnings().get(0).contains("bypass"),
        dropped.session().warnings().toString());
    SessionReply kept = start("bypassPermissions", name, World.OWNER, "bypass");
    assertEquals("custom(" + name + ")", kept.session().profile());
    String session = dropped.session().sessionId();
    SessionReply refused = world.set(session, profile(null, "custom(" + name + ")"));
    assertEquals("not_entitled", refused.code());
    assertEquals("profile", refused.field());
    assertTrue(world.set(session, profile(null, "custom(" + name + ")"), "bypass").ok());
    Map<String, String> acting = Map.of("acting_session", session);
    SessionReply child =
        world.start(id("s"), session, profile(null, "custom(" + name + ")"), World.OWNER, acting);
    assertTrue(child.ok(), child.detail());
    assertEquals("acceptEdits", child.session().permissionMode());
  }

  @Test
  void whatIsNotExactlyAProfileIsRefusedByName() {
    String name = id("p");
    refused(name, "{\"schemaVersion\":", "malformed_json", null);
    refused(name, List.of(), "invalid_profile", "$");
    refused(name, Map.of("base", "workspace"), "invalid_profile", "schemaVersion");
    refused(name, with(DOCS, "schemaVersion", 2), "invalid_profile", "schemaVersion");
    refused(name, with(DOCS, "base", "custom(x)"), "invalid_profile", "base");
    refused(name, with(DOCS, "base", "Workspace"), "invalid_profile", "base");
    refused(name, with(DOCS, "colour", "red"), "invalid_profile", "colour");
    refused(name, with(DOCS, "shared", "yes"), "invalid_profile", "shared");
    refused(name, roots("docs"), "invalid_profile", "writableRoots[0]");
    refused(name, roots("/proj/../etc"), "invalid_profile", "writableRoots[0]");
    refused(name, roots("/a", "/proj/*"), "invalid_profile", "writableRoots[1]");
    refused(
        name,
        roots(java.util.Collections.nCopies(101, "/a").toArray(String[]::new)),
        "invalid_profile",
        "writableRoots");
    refused(name, with(DOCS, "writableRoots", "/a"), "invalid_profile", "writableRoots");
    refused(name, with(DOCS, "writableRoots", List.of(7)), "invalid_profile", "writableRoots[0]");
    for (String host : List.of("https://a.com", "a.com:80", "a b", "*", "a.*", "EXAMPLE.com")) {
      refused(name, with(DOCS, "network", List.of(host)), "invalid_profile", "network[0]");
    }
    refused(name, with(DOCS, "network", List.of()), "invalid_profile", "network");
    refused(name, with(DOCS, "network", "all"), "invalid_profile", "network");
    for (String command : List.of("*", "bash", "sudo", "a && b", "timeout 5 make", "", "$X")) {
      refused(name, with(DOCS, "execution", List.of(command)), "invalid_profile", "execution[0]");
    }
    refused(name, with(DOCS, "execution", "listed"), "invalid_profile", "execution");
    put(person(World.OWNER), ".hidden", DOCS)
        .statusCode(400)
        .body("errors[0].field", equalTo("name"));
    put(person(World.OWNER), "x".repeat(65), DOCS).statusCode(400);
    put(person(World.OWNER), name, with(DOCS, "colour", "x".repeat(300_000)))
        .statusCode(413)
        .body("code", equalTo("too_large"));
    person(World.OWNER).get("/internal/profiles/{name}", name).then().statusCode(404);
  }

  private void refused(String name, Object document, String code, String field) {
    ValidatableResponse response =
        put(person(World.OWNER), name, document).statusCode(400).body("code", equalTo(code));
    if (field != null) {
      response.body("errors[0].field", equalTo(field)).body("detail", containsString(field));
    }
  }

  @Test
  void aSessionNamesOnlyWhatItsOwnerMayUse() {
    String name = id("p");
    SessionReply unknown = start("acceptEdits", name, World.OWNER);
    assertFalse(unknown.ok());
    assertEquals("invalid_setting", unknown.code());
    assertEquals("profile", unknown.field());
    create(name, DOCS);
    assertTrue(start("acceptEdits", name, World.OWNER).ok());
    assertEquals("invalid_setting", start("acceptEdits", name, "bob").code());
    String session = world.session(World.mode("acceptEdits"));
    assertEquals("invalid_setting", world.set(session, profile(null, "custom(nobodys)")).code());
    assertTrue(world.set(session, profile(null, "custom(" + name + ")")).ok());
    assertEquals(DecidedBy.MODE, world.decision(session, IN_DOCS).decidedBy());
    assertEquals(Effect.ALLOW, world.decision(session, bash("ls")).effect());
  }

  @Test
  void aChangeIsPartOfTheFenceOfEverySessionThatUsesIt() {
    String name = id("p");
    create(name, DOCS);
    String session = start("acceptEdits", name, World.OWNER).session().sessionId();
    String child = child(session);
    String grandchild = child(child);
    String other = world.session(World.mode("acceptEdits"));
    long[] before = {version(session), version(child), version(grandchild), version(other)};
    assertEquals(Effect.ALLOW, world.decision(grandchild, IN_DOCS).effect());
    String request = world.ask(grandchild, IN_SRC);
    PromptState open = world.prompt(request);

    change(name, roots("/proj/src"));

    assertEquals(before[0] + 1, version(session));
    assertEquals(before[1] + 1, version(child));
    assertEquals(before[2] + 1, version(grandchild));
    assertEquals(before[3], version(other));
    PermissionReply settled = world.reply(request);
    assertEquals(Effect.ALLOW, settled.effect(), settled.reason());
    assertEquals(DecidedBy.MODE, settled.decidedBy());
    assertEquals(open.promptId(), settled.promptId());
    assertEquals(before[2] + 1, world.receipt(request).fence().session());
    PromptState asked = world.prompt(world.ask(grandchild, IN_DOCS));
    assertTrue(asked.reason().contains(name), asked.reason());
    change(name, roots("/proj/src"));
    assertEquals(before[0] + 1, version(session), "the same again changes nothing");
  }

  private String child(String parent) {
    return world
        .start(id("s"), parent, profile("acceptEdits", null), World.OWNER, Map.of())
        .session()
        .sessionId();
  }

  @Test
  void aProfileThatIsGoneLeavesItsSessionsReading() {
    String name = id("p");
    create(name, DOCS);
    String session = start("acceptEdits", name, World.OWNER).session().sessionId();
    assertEquals(Effect.ALLOW, world.decision(session, IN_DOCS).effect());
    person(World.OWNER).delete("/internal/profiles/{name}", name).then().statusCode(204);
    assertEquals(PromptState.State.OPEN, world.prompt(world.ask(session, IN_DOCS)).state());
    assertEquals(Effect.ALLOW, world.decision(session, bash("ls")).effect());
    put(person("bob"), name, DOCS).statusCode(201);
    PromptState still = world.prompt(world.ask(session, IN_DOCS));
    assertTrue(still.reason().contains(name), "another one's profile is not the session's");
  }
}
