package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.embedded.Folders;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was settled elsewhere comes into users' documents, once, and never over newer rows. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class ImportIT {
  private static final String IMPORT = "/internal/users/{user}/permissions/import";
  private static final String DOCUMENT = "/internal/users/{user}/permissions";
  private static final String OVERRIDE = "/internal/users/{user}/overrides/{tool}";
  private static final String CLAUDE =
      """
      {
        "permissions": {
          "allow": ["Bash(npm run *)", "Read(~/notes/**)"],
          "ask": ["Bash(git push *)"],
          "deny": ["Read(.env)"],
          "defaultMode": "plan"
        },
        "model": "opus"
      }
      """;

  private static World world;
  private static Path folder;

  @BeforeAll
  static void open() {
    world = new World();
    folder = Path.of(World.config("countersign.import.folder"));
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static RequestSpecification as(String person, String... roles) {
    return given()
        .urlEncodingEnabled(true)
        .header(
            "Authorization",
            "Bearer "
                + world.keys.personToken(
                    person, roles.length == 0 ? new String[] {"approver"} : roles))
        .contentType("text/plain");
  }

  private static RequestSpecification admin() {
    return as("root", "admin");
  }

  private static void problem(ValidatableResponse response, int status, String code) {
    response
        .statusCode(status)
        .contentType("application/problem+json")
        .body("code", equalTo(code))
        .body("type", equalTo("urn:countersign:problem:" + code));
  }

  private static Path put(String user, String text, Instant modified) throws IOException {
    Path file = Files.createDirectories(folder.resolve(user)).resolve("Permissions.JSON");
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(modified));
    return file;
  }

  @Test
  void aDryRunSaysWhatEachLineBecomesAndWritesNothing() {
    String user = World.newUser();
    String report =
        as(user)
            .queryParam("dryRun", true)
            .queryParam("as", "text")
            .body(CLAUDE)
            .post(IMPORT, user)
            .then()
            .statusCode(200)
            .contentType("text/plain")
            .extract()
            .asString();
    assertEquals(true, report.contains("carried over: allow Bash(npm run *)"), report);
    assertEquals(true, report.contains("a session's mode is set when it starts"), report);
    assertEquals(0, World.historyLines(user));
  }

  @Test
  void anImportIsOneVersionAndOneHistoryLineAndTheSameAgainIsNone() {
    String user = World.newUser();
    for (int i = 0; i < 2; i++) {
      as(user)
          .body(CLAUDE)
          .post(IMPORT + "?format=claude-code", user)
          .then()
          .statusCode(200)
          .body("changed", equalTo(i == 0))
          .body("version", equalTo(1));
    }
    as(user)
        .get(DOCUMENT, user)
        .then()
        .header("ETag", "\"1\"")
        .body("rules.allow", equalTo(List.of("Bash(npm run *)", "Read(~/notes/**)")))
        .body("rules.deny", hasItem("Read(.env)"));
    as(user)
        .get("/internal/users/{user}/history", user)
        .then()
        .body("entries.size()", equalTo(1))
        .body("entries[0].via", equalTo("import"))
        .body("entries[0].actor", equalTo(user))
        .body("entries[0].note", containsString("claude-code"));
    world.document(user, 1);
  }

  @Test
  void aDocumentNewerThanTheFileStays() {
    String user = World.newUser();
    as(user).body("{\"level\":\"never\"}").put(OVERRIDE, user, "Bash").then().statusCode(200);
    as(user)
        .queryParam("modified", Instant.now().minus(Duration.ofHours(1)).toString())
        .body("{\"Bash\":\"always\",\"qb_query\":\"ask\"}")
        .post(IMPORT + "?format=permissions", user)
        .then()
        .statusCode(200)
        .body("changed", equalTo(false))
        .body("detail", containsString("kept: newer"))
        .body("lines[0].outcome", equalTo("kept"))
        .body("lines[0].note", equalTo("newer"));
    assertEquals(1, World.historyLines(user));
  }

  @Test
  void agentsAndStrangersAreRefused() {
    String user = World.newUser();
    problem(as("stranger").body(CLAUDE).post(IMPORT, user).then(), 403, "not_authorised");
    problem(
        given()
            .header(
                "Authorization",
                "Bearer " + world.keys.sessionToken("s-1", user, "agent", List.of()))
            .body(CLAUDE)
            .post(IMPORT, user)
            .then(),
        403,
        "agents_cannot_answer");
    problem(as(user).post("/internal/imports").then(), 403, "not_authorised");
    problem(given().body(CLAUDE).post(IMPORT, user).then(), 401, "missing_token");
    admin().body(CLAUDE).post(IMPORT, user).then().statusCode(200);
  }

  @Test
  void whatCannotBeReadIsRefusedWithItsPlace() {
    String user = World.newUser();
    problem(
        as(user)
            .body("{\n  \"permissions\": {\n    allow\n")
            .post(IMPORT + "?format=claude-code", user)
            .then()
            .body("detail", containsString("line 3, column ")),
        400,
        "malformed_file");
    problem(as(user).body("{\"a\":1}").post(IMPORT, user).then(), 400, "unknown_format");
    problem(as(user).body("{}").post(IMPORT + "?format=word", user).then(), 400, "unknown_format");
    problem(
        as(user).body("{}").post(IMPORT + "?modified=yesterday", user).then(),
        400,
        "invalid_request");
    problem(
        as(user).body("{}").post(IMPORT + "?dryRun=perhaps", user).then(), 400, "invalid_request");
    assertEquals(0, World.historyLines(user));
  }

  @Test
  void theFolderIsImportedOnceAndWhatIsNoUserIsNamed() throws IOException {
    String user = World.newUser();
    String newer = World.newUser();
    Instant old = Instant.now().minus(Duration.ofDays(1));
    Path file = put(user, "{\"tools\":{\"qb_query\":{\"level\":\"ask\"}}}", old);
    put(newer, "{\"tools\":{\"qb_query\":{\"level\":\"always\"}}}", old);
    as(newer).body("{\"level\":\"never\"}").put(OVERRIDE, newer, "qb_query").then().statusCode(200);
    Path outside = Folders.temporary("outside");
    Files.writeString(outside.resolve("PERMISSIONS.json"), "{\"Bash\":\"always\"}");
    String linked = World.newUser();
    Files.createSymbolicLink(folder.resolve(linked), outside);
    Files.createDirectories(folder.resolve("no user "));
    admin()
        .post("/internal/imports?dryRun=true")
        .then()
        .statusCode(200)
        .body("reports.find { it.user == '%s' }.changed".formatted(user), equalTo(true));
    assertEquals(0, World.historyLines(user));
    admin()
        .post("/internal/imports")
        .then()
        .statusCode(200)
        .body("reports.find { it.user == '%s' }.changed".formatted(user), equalTo(true))
        .body("reports.find { it.user == '%s' }.changed".formatted(newer), equalTo(false))
        .body(
            "reports.find { it.user == '%s' }.refused".formatted(linked), equalTo("outside_folder"))
        .body("reports.find { it.user == 'no user ' }.refused", equalTo("invalid_user"))
        .body("next", nullValue());
    assertEquals(1, World.historyLines(user));
    assertEquals(1, World.historyLines(newer));
    assertEquals(0, World.historyLines(linked));
    as(user).delete(OVERRIDE, user, "qb_query").then().statusCode(200);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    admin()
        .post("/internal/imports")
        .then()
        .body(
            "reports.find { it.user == '%s' }.detail".formatted(user),
            containsString("imported before"));
    assertEquals(2, World.historyLines(user));
    as(user).delete("/internal/users/{user}/permissions", user).then().statusCode(200);
    put(user, "{\"tools\":{\"qb_query\":{\"level\":\"never\"}}}", Instant.now().plusSeconds(90));
    admin()
        .post("/internal/imports")
        .then()
        .body("reports.find { it.user == '%s' }.changed".formatted(user), equalTo(false));
    assertEquals(3, World.historyLines(user));
    assertEquals(
        0,
        World.number(
            "select count(*) from imported_file where user_id = ? and digest <> 'erased'", user));
    Files.delete(folder.resolve(linked));
    Files.delete(folder.resolve("no user "));
    Folders.delete(outside);
  }
}
