package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.call;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Execution;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Where calls run, which still do, and what agents may say of it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class FinishedCallsIT {
  private static final ToolCall IN_BACKGROUND =
      call("Bash", Map.of("command", "make serve", "run_in_background", true));

  private final World world = World.get();

  private String session() {
    return world.session(
        new SessionSettings(
            "default",
            null,
            null,
            null,
            null,
            List.of("/proj"),
            null,
            new RuleSet(List.of("Bash(make *)"), null, List.of("Bash(rm *)")),
            null,
            null,
            null));
  }

  private void send(String key, String token, CallFinished finished) {
    Map<String, String> headers =
        new HashMap<>(
            CloudEvents.headers(finished, "/test", UUID.randomUUID().toString(), Instant.now()));
    if (token != null) {
      headers.put(Headers.TOKEN, token);
    }
    world.wire.send(Topics.REQUESTS, key, Json.write(finished), headers);
  }

  private void finished(String session, String request, CallFinished.Result result) {
    send(session, world.token(session), new CallFinished(null, session, request, result));
  }

  private List<String> running(String session) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(World.OWNER))
        .get("/internal/sessions/{id}", session)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("running.requestId");
  }

  @Test
  void whatRunsInTheBackgroundIsShownUntilItIsReportedFinished() {
    String session = session();
    String child =
        world.start(id("s"), session, mode("default"), World.OWNER, Map.of()).session().sessionId();
    world.decision(session, bash("make all"));
    String request = world.ask(session, IN_BACKGROUND);
    assertEquals(Execution.BACKGROUND, world.reply(request).execution());
    assertEquals(Execution.BACKGROUND, world.receipt(request).decision().execution());
    String below = world.ask(child, bash("ls & pwd"));
    assertEquals(Execution.BACKGROUND, world.reply(below).execution());
    assertEquals(List.of(below, request), running(session));
    assertEquals(List.of(below), running(child));

    finished(session, request, CallFinished.Result.FAILED);
    await().atMost(Duration.ofSeconds(20)).until(() -> running(session).equals(List.of(below)));
    finished(session, request, CallFinished.Result.SUCCEEDED);
    PermissionReply again = world.reply(world.ask(World.request(session, request, IN_BACKGROUND)));
    assertEquals(Effect.ALLOW, again.effect());
    assertEquals(List.of(below), running(session));
    assertTrue(world.close(child).ok());
    assertEquals(List.of(), running(session));
  }

  @Test
  void whatIsNeverReportedStopsCountingAfterADayAndALateReportIsKept() {
    String session = session();
    String old = world.ask(session, IN_BACKGROUND);
    world.reply(old);
    String recent = world.ask(session, IN_BACKGROUND);
    world.reply(recent);
    assertEquals(List.of(recent, old), running(session));
    String which = " WHERE request_id = '%s'".formatted(old);
    Hold.run("UPDATE request SET decided_at = decided_at - interval '25 hours'" + which);
    assertEquals(List.of(recent), running(session));
    finished(session, old, CallFinished.Result.SUCCEEDED);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Hold.number("SELECT count(finished_at) FROM request" + which) == 1);
    assertEquals(List.of(recent), running(session));
  }

  @Test
  void onlyTheSessionsOwnTokenReportsAndOnlyOnWhatWasAllowed() {
    String session = session();
    String request = world.ask(session, IN_BACKGROUND);
    world.reply(request);
    String stranger = world.session(mode("default"));
    CallFinished report = new CallFinished(null, session, request, null);
    send(session, world.token(stranger), report);
    deadLetter(session, "not_your_session");
    send(session, null, report);
    deadLetter(session, "missing_token");
    finished(session, "nowhere", CallFinished.Result.SUCCEEDED);
    deadLetter(session, "unknown_request");
    String denied = world.ask(session, bash("rm a"));
    assertEquals(Effect.DENY, world.reply(denied).effect());
    finished(session, denied, null);
    deadLetter(session, "not_running");
    assertEquals(List.of(request), running(session));
    assertEquals(1, world.replies(request).count(), "no report is answered");
    assertEquals(1, world.replies(denied).count(), "no report is answered");
  }

  private void deadLetter(String session, String code) {
    world.deadLetter(l -> session.equals(l.key()) && code.equals(l.code()));
  }

  @Test
  void everyDecisionSaysWhereItsCallRuns() {
    String session = session();
    PermissionReply denied =
        world.decision(session, call("Bash", Map.of("command", "rm a", "run_in_background", true)));
    assertEquals(Effect.DENY, denied.effect());
    assertEquals(Execution.BACKGROUND, denied.execution());
    assertEquals(Execution.FOREGROUND, world.decision(session, bash("make all")).execution());
    String asked = world.ask(session, bash("npm publish &"));
    PromptState prompt = world.prompt(asked);
    world.answer(prompt, "reject_once");
    assertEquals(Execution.BACKGROUND, world.reply(asked).execution());
    String withdrawn = world.ask(session, bash("npm publish &"));
    world.prompt(withdrawn);
    world.cancel(session, withdrawn);
    assertEquals(Execution.BACKGROUND, world.reply(withdrawn).execution());
    String early = id("r");
    world.cancel(session, early);
    assertEquals(Execution.FOREGROUND, world.reply(early).execution());
    assertEquals(Execution.FOREGROUND, world.decision("s-nowhere", bash("ls")).execution());
    world.set(
        session,
        new SessionSettings(
            null, null, null, "foreground_only", null, null, null, null, null, null, null));
    String bounded = world.ask(session, bash("ls &"));
    assertTrue(world.prompt(bounded).reason().contains("background"));
  }
}
