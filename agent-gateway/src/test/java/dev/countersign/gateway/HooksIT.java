package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

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
    hook(session, event, 2)
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString("nobody answered within 2 s"));
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
  void aSessionsStartGetsFactsAndItsEndClosesIt() {
    JsonPath session = startSession();
    hook(session, event("SessionStart", claude))
        .body("hookSpecificOutput.hookEventName", equalTo("SessionStart"))
        .body("hookSpecificOutput.additionalContext", containsString("saved by the system"))
        .body("hookSpecificOutput.additionalContext", containsString("- You may edit files"));
    hook(session, event("SessionEnd", claude)).body("isEmpty()", equalTo(true));
    await()
        .until(
            () ->
                peer.state().commands().stream()
                    .anyMatch(
                        command ->
                            command.sessionId().equals("cc:" + claude)
                                && command.action() == SessionCommand.Action.CLOSE));
  }

  @Test
  void aSessionThatIsTakenUpAgainGoesOnInAChildOfItsOwn() {
    JsonPath session = startSession();
    hook(session, bashEvent("ls")).body(DECISION, equalTo("allow"));
    hook(session, event("SessionEnd", claude));
    hook(session, bashEvent("ls"))
        .body(DECISION, equalTo("deny"))
        .body(REASON, containsString("session is closed"));
    hook(session, event("SessionStart", claude));
    Map<String, Object> event = bashEvent("ls");
    hook(session, event).body(DECISION, equalTo("allow"));
    String id = (String) event.get("tool_use_id");
    assertEquals("allowed", peer.state().decision("cc:" + claude + ":2", id).code());
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
