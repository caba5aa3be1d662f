package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must never be stored gets the same precise refusal over HTTP and over Kafka. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class BadInputIT {
  private static World world;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  static Stream<Arguments> overrides() {
    return Stream.of(
        Arguments.of("a bell in the tool's name", "Ba\u0007sh", null, "ask", "U+0007"),
        Arguments.of("a NUL in the tool's name", "Ba\u0000sh", null, "ask", "U+0000"),
        Arguments.of("a line separator in the tool's name", "Ba\u2028sh", null, "ask", "U+2028"),
        Arguments.of("a bell in the resource", "Bash", "a\u0007b", "ask", "U+0007"),
        Arguments.of("every tool", "*", null, "always", "one tool"),
        Arguments.of("every tool of a kind", "mcp__*", null, "never", "one tool"),
        Arguments.of("every command", "Bash", "*", "always", "everything"),
        Arguments.of("every command, forbidden", "Bash", "**", "never", "everything"),
        Arguments.of("every file", "Read", "/**", "always", "everything"),
        Arguments.of("whatever sudo runs", "Bash", "sudo *", "always", "anything"),
        Arguments.of("a level in upper case", "Bash", null, "ALWAYS", "in lower case"),
        Arguments.of("a level with a capital", "Bash", "make", "Never", "in lower case"),
        Arguments.of("a level nobody knows", "Bash", null, "sometimes", "always, ask, never"),
        Arguments.of("a level with a blank", "Bash", null, "ask ", "always, ask, never"),
        Arguments.of("a tool's name too long", "x".repeat(257), null, "ask", "256"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("overrides")
  void anOverride(String what, String tool, String resource, String level, String says) {
    String user = World.newUser();
    RequestSpecification request = as(user).body(Map.of("level", level));
    if (resource != null) {
      request = request.queryParam("resource", resource);
    }
    refused(request.put("/internal/users/{user}/overrides/{tool}", user, tool), 422, says);

    Map<String, Object> command = new LinkedHashMap<>();
    command.put("commandId", UUID.randomUUID().toString());
    command.put("user", user);
    command.put("action", "set");
    command.put("tool", tool);
    command.put("resource", resource);
    command.put("level", level);
    command.put("source", Map.of("via", "prompt", "actor", user));
    command.values().removeIf(java.util.Objects::isNull);
    world.send(user, Json.write(command), null);
    refused(world.reply((String) command.get("commandId")), "invalid_override", says);
    nothingStored(user);
  }

  private static void refused(Response response, int status, String says) {
    assertEquals(status, response.statusCode(), response::asString);
    assertEquals("invalid_override", response.path("code"));
    assertTrue(response.<String>path("detail").contains(says), response::asString);
  }

  private static void refused(OverrideReply reply, String code, String says) {
    assertFalse(reply.ok());
    assertEquals(code, reply.code(), reply::detail);
    assertTrue(reply.detail().contains(says), reply::detail);
  }

  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of("a control character", tool("a\\u0007b", "ask"), 422, "invalid_document"),
        Arguments.of("every tool", tool("*", "always"), 422, "invalid_document"),
        Arguments.of("a level in upper case", tool("Bash", "ALWAYS"), 422, "invalid_document"),
        Arguments.of(
            "every command",
            "{\"tools\":{\"Bash\":{\"resources\":{\"*\":{\"level\":\"always\"}}}}}",
            422,
            "invalid_document"),
        Arguments.of(
            "a rule that allows everything",
            "{\"rules\":{\"allow\":[\"*\"]}}",
            422,
            "invalid_document"),
        Arguments.of("a bad rule", "{\"rules\":{\"deny\":[\"Bash(\"]}}", 422, "invalid_document"),
        Arguments.of("an unknown key", "{\"tool\":{}}", 422, "invalid_document"),
        Arguments.of("a hundred thousand overrides", overrides(100_000), 413, "too_large"),
        Arguments.of("more than half a megabyte", overrides(28_000), 413, "too_large"));
  }

  private static String tool(String name, String level) {
    return "{\"tools\":{\"%s\":{\"level\":\"%s\"}}}".formatted(name, level);
  }

  private static String overrides(int count) {
    StringBuilder tools = new StringBuilder("{\"tools\":{");
    IntStream.range(0, count)
        .forEach(
            i ->
                tools.append(i == 0 ? "" : ",").append("\"t%d\":{\"level\":\"ask\"}".formatted(i)));
    return tools.append("}}").toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("documents")
  void aDocument(String what, String document, int status, String code) {
    String user = World.newUser();
    Response response =
        as(user)
            .header("If-Match", "\"0\"")
            .body(document)
            .put("/internal/users/{user}/permissions", user);
    assertEquals(status, response.statusCode(), response::asString);
    assertEquals(code, response.path("code"));

    JsonNode json = Json.readOwn(document.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    OverrideCommand command = write(user, json, 0);
    world.send(command);
    if (Json.write(command).length <= Json.MAX_REQUEST_BYTES) {
      OverrideReply reply = world.reply(command.commandId());
      assertEquals(code, reply.code(), reply::detail);
    } else {
      // What is not read has no command id.
      world.deadLetter(user, code);
    }
    nothingStored(user);
  }

  /** Over HTTP it does not fit into the request's first line. */
  @Test
  void aResourceTooLong() {
    String user = World.newUser();
    Response response =
        as(user)
            .queryParam("resource", "x".repeat(4097))
            .body(Map.of("level", "ask"))
            .put("/internal/users/{user}/overrides/{tool}", user, "Bash");
    assertEquals(414, response.statusCode());
    Map<String, Object> command = new LinkedHashMap<>();
    command.put("commandId", UUID.randomUUID().toString());
    command.put("user", user);
    command.put("action", "set");
    command.put("tool", "Bash");
    command.put("resource", "x".repeat(4097));
    command.put("level", "ask");
    command.put("source", Map.of("via", "prompt", "actor", user));
    world.send(user, Json.write(command), null);
    refused(world.reply((String) command.get("commandId")), "invalid_override", "4096");
    nothingStored(user);
  }

  @Test
  void tenMegabytes() {
    String user = World.newUser();
    Response response =
        as(user)
            .header("If-Match", "\"0\"")
            .body("x".repeat(10 * 1024 * 1024))
            .put("/internal/users/{user}/permissions", user);
    assertEquals(413, response.statusCode());
    assertEquals("too_large", response.path("code"));
    // The topic takes no record of ten; this is the largest that gets there.
    world.send(user, " ".repeat(3_900_000).getBytes(StandardCharsets.UTF_8), null);
    world.deadLetter(user, "too_large");
    nothingStored(user);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("users")
  void aUserId(String user) {
    String admin = world.keys.personToken("root", "admin");
    Response response =
        given()
            .header("Authorization", "Bearer " + admin)
            .get("/internal/users/{user}/permissions", user);
    assertEquals(400, response.statusCode(), response::asString);
    assertEquals("invalid_user", response.path("code"));

    Map<String, Object> command = new LinkedHashMap<>();
    command.put("commandId", UUID.randomUUID().toString());
    command.put("user", user);
    command.put("action", "set");
    command.put("tool", "Bash");
    command.put("level", "ask");
    command.put("source", Map.of("via", "dashboard", "actor", "root"));
    world.send(user, Json.write(command), null);
    refused(world.reply((String) command.get("commandId")), "invalid_user", "user");
    nothingStored(user);
  }

  static Stream<String> users() {
    return Stream.of(" a", "a\tb", "ü", "x".repeat(256));
  }

  private static RequestSpecification as(String person) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(person, "approver"))
        .contentType("application/json");
  }

  private static OverrideCommand write(String user, JsonNode document, long version) {
    return OverrideCommand.write(
        null,
        UUID.randomUUID().toString(),
        user,
        document,
        version,
        new ChangeSource(ChangeSource.Via.PROMPT, user, "p-1", null, "s-1"));
  }

  private static void nothingStored(String user) {
    assertEquals(0, World.historyLines(user));
    assertEquals(0, World.number("select count(*) from user_permissions where user_id = ?", user));
  }
}
