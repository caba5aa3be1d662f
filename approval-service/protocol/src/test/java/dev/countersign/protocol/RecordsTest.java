package dev.countersign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
  private static final ToolCall CALL = new ToolCall("t", null, null, null, null, null);
  private static final ChangeSource SOURCE =
      new ChangeSource(ChangeSource.Via.DASHBOARD, "mira", null, null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", ".", "..", "a b", "a/b", "a\u0000", "a\n", "é", "\ud83d", "a;b", "a'b", "a%", "*"
      })
  void anIdIsPlain(String id) {
    fault("sessionId", () -> new PermissionCancel(null, id, "r", null));
    fault("requestId", () -> new PermissionCancel(null, "s", id, null));
    fault("tenant", () -> new PermissionCancel(id, "s", "r", null));
    fault("promptId", () -> new PermissionAnswer(null, id, "a", "o", null, null, null));
    fault("turnId", () -> new PermissionRequest(null, "s", "r", id, CALL, null, null, null));
  }

  @Test
  void anIdHasAtMost128Characters() {
    String longest = "Aa9._:@+-".repeat(15).substring(0, 128);

    assertEquals(longest, new PermissionCancel(null, longest, "r", null).key());
    fault("sessionId", () -> new PermissionCancel(null, longest + "x", "r", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".", "..", " a", "a ", "a\u0000", "a\n", "é", "\ud83d"})
  void aUserIsPrintable(String user) {
    fault("user", () -> override(user, "t", null));
    fault("owner", () -> start(user));
  }

  @Test
  void whatAnIdentityProviderCallsItsUsersIsTakenEverywhere() {
    for (String user : Users.REAL) {
      assertEquals(user, override(user, "t", null).key());
      assertEquals(user, start(user).owner());
    }
    fault("user", () -> override("x".repeat(256), "t", null));
    fault("owner", () -> start("x".repeat(256)));
  }

  private static SessionCommand start(String owner) {
    return new SessionCommand(null, "c", "s", SessionCommand.Action.START, owner, null, null, null);
  }

  @Test
  void theTenantIsDefaultWhereThereIsOnlyOne() {
    assertEquals("default", new PermissionCancel(null, "s", "r", null).tenant());
  }

  @Test
  void whatIsRequiredIsRequired() {
    fault("sessionId", () -> new PermissionCancel(null, null, "r", null));
    fault("toolCall", () -> new PermissionRequest(null, "s", "r", null, null, null, null, null));
    fault("toolCall.tool", () -> new ToolCall("", null, null, null, null, null));
    fault("optionId", () -> new PermissionAnswer(null, "p", "a", null, null, null, null));
    fault("action", () -> new SessionCommand(null, "c", "s", null, null, null, null, null));
    fault("source.via", () -> new ChangeSource(null, "mira", null, null));
    fault(
        "document", () -> new OverrideDocument(null, "u", 1, JsonNodeFactory.instance.nullNode()));
  }

  @Test
  void keepNarrowerMayBeAbsent() {
    String plain =
        """
        {"commandId":"c","user":"u","action":"clear","tool":"Bash",\
        "source":{"via":"agent","actor":"a"}}""";

    OverrideCommand read =
        Json.read(plain.getBytes(java.nio.charset.StandardCharsets.UTF_8), OverrideCommand.class);

    assertEquals(false, read.keepNarrower());
  }

  @Test
  void whatIsBoundedIsBounded() {
    fault("reason", () -> new PermissionCancel(null, "s", "r", "x".repeat(1001)));
    fault(
        "feedback", () -> new PermissionAnswer(null, "p", "a", "o", null, "x".repeat(4001), null));
    fault("toolCall.tool", () -> new ToolCall("x".repeat(257), null, null, null, null, null));
    fault("resource", () -> override("u", "t", "x".repeat(4097)));
    fault(
        "maxWaitMillis", () -> new PermissionRequest(null, "s", "r", null, CALL, -1L, null, null));
    fault(
        "version", () -> new OverrideDocument(null, "u", 0, JsonNodeFactory.instance.objectNode()));
  }

  @Test
  void aPersonIsNamedOnlyWhereAPersonChose() {
    fault("user", () -> reply(DecidedBy.USER, null));
    for (DecidedBy by : DecidedBy.values()) {
      if (by != DecidedBy.USER) {
        fault("user", () -> reply(by, "mira"));
      }
    }
    assertEquals("mira", reply(DecidedBy.USER, "mira").user());
  }

  @Test
  void onlyObjectsWhereObjectsBelong() {
    fault(
        "toolCall.input",
        () -> new ToolCall("t", JsonNodeFactory.instance.arrayNode(), null, null, null, null));
    fault(
        "editedInput",
        () ->
            new PermissionAnswer(
                null, "p", "a", "o", null, null, JsonNodeFactory.instance.textNode("x")));
    fault(
        "document",
        () -> new OverrideDocument(null, "u", 1, JsonNodeFactory.instance.numberNode(1)));
  }

  @Test
  void collectionsHaveNoGaps() {
    fault(
        "allow[1]",
        () -> new RuleSet(new ArrayList<>(java.util.Arrays.asList("a", null)), null, null));
    fault(
        "toolCall.resolvedPaths./a",
        () -> new ToolCall("t", null, null, null, Collections.singletonMap("/a", null), null));
  }

  @Test
  void aRecordDoesNotSeeLaterChanges() {
    List<String> roots = new ArrayList<>(List.of("/a"));
    Map<String, String> paths = new HashMap<>(Map.of("/a", "/b"));
    ToolCall call = new ToolCall("t", null, null, null, paths, roots);

    roots.add("/c");
    paths.put("/c", "/d");

    assertEquals(List.of("/a"), call.workspaceRoots());
    assertEquals(Map.of("/a", "/b"), call.resolvedPaths());
    assertThrows(UnsupportedOperationException.class, () -> call.resolvedPaths().put("x", "y"));
  }

  @Test
  void aDocumentIsWrittenInTheOrderOfItsNames() {
    Map<String, UserDocument.Tool> tools = new LinkedHashMap<>();
    for (String name : List.of("z", "a", "m", "Z", "é", "b")) {
      tools.put(name, new UserDocument.Tool("ask", null));
    }

    assertEquals(
        List.of("Z", "a", "b", "m", "z", "é"),
        List.copyOf(new UserDocument(1, null, tools).tools().keySet()));
  }

  @Test
  void aDeadLetterNamesItsRecord() {
    DeadLetter letter =
        new DeadLetter(null, "t", 1, 2, "k", "test", "too_large", null, null, 9, null);

    assertEquals("k", letter.key());
    assertEquals(Map.of(), letter.headers());
  }

  @Test
  void aDeadLetterKeepsOnlyHeadersThatSayWhatTheRecordIs() {
    Map<String, String> headers =
        Map.of(
            "ce_type", "dev.countersign.permission.requested",
            "ce_id", "document/default/ann/4",
            "ce_source", "rm -rf \"$HOME\"",
            "countersign-token", "secret",
            "x-note", "anything");
    DeadLetter letter =
        new DeadLetter(null, "t", 1, 2, "k", "test", "too_large", null, headers, 9, null);

    assertEquals(Map.of("ce_type", "dev.countersign.permission.requested"), letter.headers());
  }

  private static OverrideCommand override(String user, String tool, String resource) {
    return new OverrideCommand(
        null, "c", user, OverrideCommand.Action.SET, tool, resource, "ask", false, SOURCE);
  }

  private static PermissionReply reply(DecidedBy by, String user) {
    return new PermissionReply(
        null,
        "s",
        "r",
        null,
        Effect.DENY,
        by,
        "denied",
        "No.",
        null,
        user,
        null,
        null,
        null,
        false,
        null,
        null,
        null);
  }

  private static void fault(String field, Executable construct) {
    assertEquals(field, assertThrows(InvalidEventException.class, construct).field());
  }
}
