package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionCommand;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Claude Code's hook events, answered in the hook's own form. */
@QuarkusTest
class HooksIT extends GatewayTestBase {
  private static final String DECISION = "hookSpecificOutput.permissionDecision";
  private static final String REASON = "hookSpecificOutput.permissionDecisionReason";

  private final String claude = UUID.randomUUID().toString();

  private static Map<String, Object> event(String name, String claude) {
    Map<String, Object> event = new HashMap<>();
    event.put("hook_event_name", name);
    event.put("session_id", claude);
    event.put("prompt_id", "turn-1");
    event.put("cwd", "/proj/sub");
    event.put("permission_mode", "default");
    return event;
  }

  private Map<String, Object> bashEvent(String command) {
    Map<String, Object> event = event("PreToolUse", claude);
    event.put("tool_name", "Bash");
    event.put("tool_input", Map.of("command", command));
    event.put("tool_use_id", "toolu_" + UUID.randomUUID().toString().substring(0, 8));
    return event;
  }

  private ValidatableResponse hook(JsonPath session, Map<String, ?> event) {
    return hook(session, event, 20);
  }

  private ValidatableResponse hook(JsonPath session, Map<String, ?> event, int wait) {
    return as(session.getString("sessionToken"))
        .header("Prefer", "wait=" + wait)
        .header("Countersign-Home", "/home/u")
        .header("Countersign-Project-Dir", "/proj")
        .body(event)
        .post("/v1/hooks/claude-code")
        .then()
        .statusCode(200);
  }

  @Test
  void everySessionOfTheAgentBecomesAChildThatIsStartedOnce() {
    JsonPath session = startSession();
    hook(session, bashEvent("ls")).body(DECISION, equalTo("allow"));
    hook(session, bashEvent("pwd")).body(DECISION, equalTo("allow"));
    List<SessionCommand> starts =
        peer.state().commands().stream()
            .filter(command -> command.sessionId().equals("cc:" + claude))
            .toList();
    assertEquals(1, starts.size());
    assertEquals(session.getString("sessionId"), starts.get(0).parentSessionId());
    assertNull(starts.get(0).settings().permissionMode(), "the child follows its parent's mode");
    assertEquals(List.of("/proj"), starts.get(0).settings().workspaceRoots());
  }

  @Test
  void theCallIsAskedAsItWouldRun() {
    Map<String, Object> event = bashEvent("ls -l");
    hook(startSession(), event).body(DECISION, equalTo("allow"));
    var asked = peer.state().asked("cc:" + claude, (String) event.get("tool_use_id")).request();
    assertEquals("Bash", asked.toolCall().tool());
    assertEquals("ls -l", asked.toolCall().input().path("command").asText());
    assertEquals("/proj/sub", asked.toolCall().cwd());
    assertEquals("/home/u", asked.toolCall().home());
    assertEquals("turn-1", asked.turnId());
    assertEquals("default", asked.claimedMode());
    assertEquals(19_000L, asked.maxWaitMillis());
  }

  @Test
  void aDenyTellsWhy() {
    hook(startSession(), bashEvent("DENY"))
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString("Denied by rule"));
  }

  @Test
  void anAllowForThePastOrAnotherCallIsNone() {
    JsonPath session = startSession();
    hook(session, bashEvent("EXPIRED"))
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString("no longer valid"));
    hook(session, bashEvent("OTHER")).body(DECISION, equalTo("deny"));
  }

  @Test
  void aPersonsAnswerAndEditedInputReachTheAgent() {
    JsonPath session = startSession();
    CompletableFuture<JsonPath> answer =
        CompletableFuture.supplyAsync(
            () -> hook(session, bashEvent("ASK rm")).extract().jsonPath(), IN_A_THREAD);
    await().until(() -> !peer.state().openPrompts("cc:" + claude).isEmpty());
    as(alice())
        .body(Map.of("optionId", "allow-once", "editedInput", Map.of("command", "ls")))
        .post("/v1/prompts/{id}/answer", peer.state().openPrompts("cc:" + claude).get(0))
        .then()
        .statusCode(200);
    assertEquals("allow", answer.join().getString(DECISION));
    assertEquals("ls", answer.join().getString("hookSpecificOutput.updatedInput.command"));
  }

  @Test
  void whenNobodyAnswersItIsDeniedAndWithdrawn() {
    JsonPath session = startSession();
    Map<String, Object> event = bashEvent("ASK");
    hook(session, event, 6)
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString("nobody answered within 6 s"));
    String id = (String) event.get("tool_use_id");
    await().until(() -> peer.state().decision("cc:" + claude, id) != null);
    assertEquals("cancelled", peer.state().decision("cc:" + claude, id).code());
  }

  @Test
  void whatIsNoToolCallIsDenied() {
    JsonPath session = startSession();
    Map<String, Object> nameless = bashEvent("ls");
    nameless.remove("tool_name");
    hook(session, nameless).body(DECISION, equalTo("deny"));
    Map<String, Object> homeless = bashEvent("ls");
    homeless.remove("session_id");
    hook(session, homeless)
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString("session_id"));
    Map<String, Object> odd = bashEvent("ls");
    odd.put("tool_use_id", "spaces are not allowed");
    hook(session, odd).body(DECISION, equalTo("deny"));
  }

  @Test
  void aSessionsStartGetsFacts() {
    hook(startSession(), event("SessionStart", claude))
        .body("hookSpecificOutput.hookEventName", equalTo("SessionStart"))
        .body("hookSpecificOutput.additionalContext", containsString("saved by the system"))
        .body("hookSpecificOutput.additionalContext", containsString("- You may edit files"));
  }

  @Test
  void theEndOfARunWithdrawsItsPromptsAndTheSameSessionGoesOn() {
    JsonPath session = startSession();
    Map<String, Object> asked = bashEvent("ASK");
    CompletableFuture<ValidatableResponse> waiting =
        CompletableFuture.supplyAsync(() -> hook(session, asked), IN_A_THREAD);
    CompletableFuture<ValidatableResponse> too =
        CompletableFuture.supplyAsync(() -> hook(session, bashEvent("ASK too")), IN_A_THREAD);
    await().until(() -> peer.state().openPrompts("cc:" + claude).size() == 2);
    Map<String, Object> background = bashEvent("make serve");
    background.put("tool_input", Map.of("command", "make serve", "run_in_background", true));
    hook(session, background).body(DECISION, equalTo("allow"));

    hook(session, event("SessionEnd", claude)).body("isEmpty()", equalTo(true));
    waiting.join().body(DECISION, equalTo("deny"));
    too.join().body(DECISION, equalTo("deny"));
    assertEquals(List.of(), List.copyOf(peer.state().openPrompts("cc:" + claude)));
    String id = (String) asked.get("tool_use_id");
    assertEquals("cancelled", peer.state().decision("cc:" + claude, id).code());
    await().until(() -> reported((String) background.get("tool_use_id")) != null);

    hook(session, event("SessionStart", claude));
    Map<String, Object> event = bashEvent("ls");
    hook(session, event).body(DECISION, equalTo("allow"));
    assertNotNull(peer.state().decision("cc:" + claude, (String) event.get("tool_use_id")));
    assertTrue(
        peer.state().commands().stream()
            .filter(command -> command.sessionId().startsWith("cc:" + claude))
            .allMatch(
                command ->
                    command.action() == SessionCommand.Action.START
                        && command.sessionId().equals("cc:" + claude)),
        "the session is neither closed nor followed by another one");
  }

  /** What stays open is shown to a person, whose answer then reaches nobody. */
  @Test
  void theEndOfARunWithdrawsEveryPromptWhicheverCannotBeRead() {
    JsonPath session = startSession();
    String child = "cc:" + claude;
    hook(session, bashEvent("ls")).body(DECISION, equalTo("allow"));
    IntStream.range(0, 147).forEach(i -> peer.state().open(child, "ASK " + i));
    for (int i = 0; i < 3; i++) {
      peer.state().open(child, "ASK UNREAD " + i);
    }
    assertEquals(150, peer.state().openPrompts(child).size());
    peer.state().promptsOnAPage = 60;
    peer.state().listingsToRefuse.set(1);
    peer.state().mostReadAtOnce();
    try {
      CompletableFuture<Void> ended =
          CompletableFuture.runAsync(() -> hook(session, event("SessionEnd", claude)), IN_A_THREAD);
      await().atMost(Duration.ofSeconds(60)).until(() -> peer.state().openPrompts(child).isEmpty());
      ended.join();
      int most = peer.state().mostReadAtOnce();
      assertTrue(most <= 20, "so many were read at once: " + most);
    } finally {
      peer.state().promptsOnAPage = 1;
    }
  }

  @Test
  void aCloseByAPersonIsFinalForEveryLaterRun() {
    JsonPath session = startSession();
    hook(session, bashEvent("ls")).body(DECISION, equalTo("allow"));
    as(alice()).delete("/v1/sessions/{id}", "cc:" + claude).then().statusCode(200);
    for (int run = 0; run < 2; run++) {
      hook(session, bashEvent("ls"))
          .body(DECISION, equalTo("deny"))
          .body(REASON, containsString("session is closed"));
      hook(session, event("SessionEnd", claude));
      hook(session, event("SessionStart", claude));
    }
    assertTrue(
        peer.state().commands().stream()
            .noneMatch(command -> command.sessionId().startsWith("cc:" + claude + ":")));
  }

  /** As where another replica started the child, or this one was started again since. */
  @Test
  void aCloseByAPersonIsFinalForAGatewayThatDoesNotRememberTheChild() {
    JsonPath session = startSession();
    String child = "cc:" + claude;
    as(session.getString("sessionToken"))
        .body(Map.of("sessionId", child))
        .post("/v1/sessions")
        .then()
        .statusCode(201);
    as(alice()).delete("/v1/sessions/{id}", child).then().statusCode(200);

    hook(session, bashEvent("ls"))
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString("session is closed"));
    hook(session, event("SessionStart", claude))
        .body("hookSpecificOutput.additionalContext", containsString("closed for good"));
    assertTrue(
        peer.state().commands().stream()
            .map(SessionCommand::sessionId)
            .filter(id -> id.contains(claude))
            .allMatch(child::equals),
        "no session is opened in its place");
  }

  /** Whoever could compute the id could take it first, and be sent what is meant for the agent. */
  @Test
  void eachStartOfAChildIsACommandUnderAnIdOfItsOwn() {
    JsonPath session = startSession();
    String child = "cc:" + claude;
    as(keys.personToken("bob", "approver"))
        .body(Map.of("sessionId", child))
        .post("/v1/sessions")
        .then()
        .statusCode(201);
    for (int i = 0; i < 2; i++) {
      hook(session, bashEvent("ls")).body(DECISION, equalTo("deny"));
    }
    List<SessionCommand> starts =
        peer.state().commands().stream()
            .filter(command -> command.sessionId().equals(child))
            .filter(command -> session.getString("sessionId").equals(command.parentSessionId()))
            .toList();
    assertEquals(2, starts.size(), "a start that failed is not remembered");
    assertNotEquals(starts.get(0).commandId(), starts.get(1).commandId());
  }

  static List<Arguments> inputsThatMayBeAboutATool() {
    String rest = "\"session_id\":\"s\",\"cwd\":\"/proj\",\"tool_use_id\":\"t1\"";
    String tool = rest + ",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"ls\"}";
    String call = "{\"hook_event_name\":\"PreToolUse\",";
    return List.of(
        Arguments.of("{" + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":null," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"\"," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":7," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":[\"PreToolUse\"]," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"pretooluse\"," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"PreToolUse \"," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"PRETOOLUSE\"}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"posttooluse\"," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"PermissionRequest\"," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"SomethingNew\"," + tool + "}", "hook_event_name"),
        Arguments.of("{\"hook_event_name\":\"New\",\"toolName\":\"Bash\"}", "hook_event_name"),
        Arguments.of("{\"hookEventName\":\"PreToolUse\"," + tool + "}", "hook_event_name"),
        Arguments.of("{\"HOOK_EVENT_NAME\":\"PreToolUse\"," + tool + "}", "hook_event_name"),
        Arguments.of("{}", "hook_event_name"),
        Arguments.of("[" + call + tool + "}]", "JSON object"),
        Arguments.of("null", "JSON object"),
        Arguments.of("\"PreToolUse\"", "JSON object"),
        Arguments.of(call + tool, "line 1"),
        Arguments.of("", "JSON"),
        Arguments.of(call + tool + ",\"hook_event_name\":\"Stop\"}", "hook_event_name"),
        Arguments.of(call + rest + ",\"tool_input\":{}}", "tool_name"),
        Arguments.of(call + rest + ",\"tool_name\":null,\"tool_input\":{}}", "tool_name"),
        Arguments.of(call + rest + ",\"tool_name\":\"\",\"tool_input\":{}}", "tool"),
        Arguments.of(call + rest + ",\"tool_name\":5,\"tool_input\":{}}", "tool_name"),
        Arguments.of(call + rest + ",\"Tool_Name\":\"Bash\",\"tool_input\":{}}", "tool_name"),
        Arguments.of(call + rest + ",\"tool_name\":\"Read\"}", "tool_input"),
        Arguments.of(call + rest + ",\"tool_name\":\"Read\",\"tool_input\":null}", "tool_input"),
        Arguments.of(call + rest + ",\"tool_name\":\"Read\",\"tool_input\":\"x\"}", "tool_input"),
        Arguments.of(call + rest + ",\"tool_name\":\"Read\",\"tool_input\":[]}", "tool_input"),
        Arguments.of(
            call + rest + ",\"tool_name\":\"Read\",\"toolInput\":{\"file_path\":\"/x\"}}",
            "tool_input"),
        Arguments.of(call + tool + ",\"permission_mode\":\"Plan\"}", "permission_mode"),
        Arguments.of(call + tool + ",\"permission_mode\":\"\"}", "permission_mode"),
        Arguments.of(call + tool + ",\"permission_mode\":1}", "permission_mode"),
        Arguments.of(call + tool.replace("\"s\"", "null") + "}", "session_id"),
        Arguments.of(call + tool.replace("\"s\"", "\"\"") + "}", "session_id"),
        Arguments.of(call + tool.replace("\"s\"", "4") + "}", "session_id"),
        Arguments.of(call + tool.replace("session_id", "Session_Id") + "}", "session_id"),
        Arguments.of(call + tool.replace("\"s\"", "\"a b\"") + "}", "sessionId"),
        Arguments.of(call + tool.replace("\"t1\"", "\"\"") + "}", "requestId"),
        Arguments.of(call + tool.replace("\"t1\"", "false") + "}", "tool_use_id"),
        Arguments.of(call + tool.replace("\"/proj\"", "{}") + "}", "cwd"),
        Arguments.of(call + tool + ",\"prompt_id\":{}}", "prompt_id"));
  }

  @ParameterizedTest
  @MethodSource("inputsThatMayBeAboutATool")
  void whatMayBeAboutAToolAndIsNoWholeToolCallIsDenied(String input, String says) {
    as(startSession().getString("sessionToken"))
        .header("Countersign-Project-Dir", "/proj")
        .body(input.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .post("/v1/hooks/claude-code")
        .then()
        .statusCode(200)
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString(says))
        .body(REASON, containsString("not run"));
  }

  @Test
  void aClaimedDontAskLowersNothingAndAClaimedPlanDoes() {
    JsonPath session = startSession();
    for (String mode : List.of("dontAsk", "plan", "default", "bypassPermissions")) {
      Map<String, Object> event = bashEvent("ls");
      event.put("permission_mode", mode);
      hook(session, event).body(DECISION, equalTo("allow"));
      var asked = peer.state().asked("cc:" + claude, (String) event.get("tool_use_id"));
      assertEquals(mode.equals("dontAsk") ? null : mode, asked.request().claimedMode());
    }
  }

  @Test
  void anApprovedPlanIsNotAskedAboutAgainByClaudeCodeItself() {
    JsonPath session = startSession();
    Map<String, Object> event = bashEvent("ls");
    hook(session, event).body("hookSpecificOutput.updatedInput", nullValue());
    event.put("tool_name", "ExitPlanMode");
    event.put("tool_input", Map.of("plan", "1. Do it."));
    event.put("tool_use_id", "toolu_plan");
    hook(session, event)
        .body(DECISION, equalTo("allow"))
        .body("hookSpecificOutput.updatedInput.plan", equalTo("1. Do it."));
    event.put("tool_input", Map.of("plan", "1. Do it.", "command", "DENY"));
    event.put("tool_use_id", "toolu_plan2");
    hook(session, event)
        .body(DECISION, equalTo("deny"))
        .body("hookSpecificOutput.updatedInput", nullValue());
  }

  @Test
  void whenTheAgentGoesAwayItsRequestIsWithdrawn() throws Exception {
    JsonPath session = startSession();
    Map<String, Object> event = bashEvent("ASK");
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/hooks/claude-code"))
            .header("Authorization", "Bearer " + session.getString("sessionToken"))
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=600")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(event)))
            .build();
    CompletableFuture<?> waiting =
        HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    await().until(() -> !peer.state().openPrompts("cc:" + claude).isEmpty());
    waiting.cancel(true);
    await().until(() -> peer.state().openPrompts("cc:" + claude).isEmpty());
    String id = (String) event.get("tool_use_id");
    assertEquals("cancelled", peer.state().decision("cc:" + claude, id).code());
  }

  @Test
  void factsAreToldAgainOnlyWhenTheyChanged() {
    JsonPath session = startSession();
    Map<String, Object> prompt = event("UserPromptSubmit", claude);
    hook(session, event("SessionStart", claude));
    hook(session, prompt).body("isEmpty()", equalTo(true));
    String before = peer.state().facts;
    try {
      peer.state().facts = "You may read files.";
      hook(session, prompt)
          .body("hookSpecificOutput.hookEventName", equalTo("UserPromptSubmit"))
          .body("hookSpecificOutput.additionalContext", containsString("- You may read files."));
      hook(session, prompt).body("isEmpty()", equalTo(true));
    } finally {
      peer.state().facts = before;
    }
  }

  @Test
  void aCallThatEndedIsReportedInItsSession() {
    JsonPath session = startSession();
    for (String name : List.of("PostToolUse", "PostToolUseFailure")) {
      Map<String, Object> call = bashEvent("make");
      hook(session, call).body(DECISION, equalTo("allow"));
      call.put("hook_event_name", name);
      call.put("tool_response", Map.of("stdout", ""));
      hook(session, call).body("isEmpty()", equalTo(true));
      await().until(() -> reported((String) call.get("tool_use_id")) != null);
      CallFinished report = reported((String) call.get("tool_use_id"));
      assertEquals("cc:" + claude, report.sessionId());
      assertEquals(
          name.equals("PostToolUse") ? CallFinished.Result.SUCCEEDED : CallFinished.Result.FAILED,
          report.result());
    }
  }

  @Test
  void aCallIsReportedHoweverMuchItsToolAnswered() {
    JsonPath session = startSession();
    Map<String, Object> call = bashEvent("make");
    hook(session, call).body(DECISION, equalTo("allow"));
    call.put("hook_event_name", "PostToolUse");
    call.put("tool_response", Map.of("rows", Collections.nCopies(160_000, 1)));
    hook(session, call).body("isEmpty()", equalTo(true));
    await().until(() -> reported((String) call.get("tool_use_id")) != null);
    call.put("hook_event_name", "PreToolUse");
    call.put("tool_input", Map.of("rows", Collections.nCopies(160_000, 1)));
    hook(session, call).body(DECISION, equalTo("deny"));
  }

  @Test
  void whatGoesOnInTheBackgroundEndsWhenNothingIsLeftThere() {
    JsonPath session = startSession();
    Map<String, Object> call = bashEvent("make serve");
    call.put("tool_input", Map.of("command", "make serve", "run_in_background", true));
    hook(session, call).body(DECISION, equalTo("allow"));
    String id = (String) call.get("tool_use_id");
    call.put("hook_event_name", "PostToolUse");
    call.put("tool_response", Map.of("backgroundTaskId", "b1"));
    hook(session, call).body("isEmpty()", equalTo(true));
    Map<String, Object> stop = event("Stop", claude);
    stop.put("background_tasks", List.of(Map.of("id", "b1", "status", "running")));
    hook(session, stop).body("isEmpty()", equalTo(true));
    assertNull(reported(id));
    stop.put("background_tasks", List.of());
    hook(session, stop).body("isEmpty()", equalTo(true));
    await().until(() -> reported(id) != null);
  }

  private CallFinished reported(String request) {
    return peer.state().finished().stream()
        .filter(report -> report.requestId().equals(request))
        .findFirst()
        .orElse(null);
  }

  @Test
  void otherEventsAreAnsweredNeutrally() {
    hook(startSession(), event("PreCompact", claude)).body("isEmpty()", equalTo(true));
  }

  @Test
  void aShellGetsTheAnswerBetweenMarkers() {
    String answer =
        as(startSession().getString("sessionToken"))
            .accept("text/plain")
            .body(bashEvent("ls"))
            .post("/v1/hooks/claude-code")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    String[] lines = answer.split("\n");
    assertEquals(3, lines.length);
    assertEquals("countersign-hook 1", lines[0]);
    assertEquals("allow", JsonPath.from(lines[1]).getString(DECISION));
    assertEquals("end countersign-hook", lines[2]);
  }

  @Test
  void withoutASessionTokenThereIsNoAnswer() {
    given()
        .contentType("application/json")
        .body(bashEvent("ls"))
        .post("/v1/hooks/claude-code")
        .then()
        .statusCode(401);
    as(alice()).body(bashEvent("ls")).post("/v1/hooks/claude-code").then().statusCode(403);
  }

  @Test
  void theHookCommandIsServed() {
    given()
        .get("/v1/hooks/claude-code.sh")
        .then()
        .statusCode(200)
        .body(containsString("#!/bin/sh"));
  }
}
