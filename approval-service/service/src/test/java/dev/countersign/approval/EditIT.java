package dev.countersign.approval;

import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An agent edits what its user settled: what tightens is stored, what widens is asked about. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class EditIT {
  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);

  private static UserDocument pushes(String level) {
    return new UserDocument(
        1,
        null,
        Map.of(
            "Bash",
            new UserDocument.Tool(
                null, Map.of("git push *", new UserDocument.Entry(level, null)))));
  }

  private static ToolCall edit(String oldText, String newText) {
    return World.call("edit_permissions", Map.of("oldText", oldText, "newText", newText));
  }

  private static ToolCall level(String from, String to) {
    return edit("\"level\": \"" + from + "\"", "\"level\": \"" + to + "\"");
  }

  /** Publishes a document and waits until edits are made from it; returns its version. */
  private long settled(String level) {
    long version = store.publish(World.OWNER, pushes(level));
    String session = world.session(mode("default"));
    Map<String, Object> probe = Map.of("oldText", "nowhere", "newText", "x", "version", version);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                world
                    .decision(session, World.call("edit_permissions", probe))
                    .code()
                    .equals("text_not_found"));
    return version;
  }

  private boolean prompted(String request) {
    return world
        .wire
        .values(Topics.PROMPTS, PromptState.class)
        .anyMatch(p -> request.equals(p.requestId()));
  }

  @Test
  void whatTightensIsStoredAtOnceAndHeardOnlyThen() {
    long version = settled("ask");
    String session = world.session(mode("default"));
    String request = world.ask(session, level("ask", "never"));
    OverrideCommand command = store.write(session);
    assertEquals(version, command.expectedVersion());
    assertEquals(World.OWNER, command.user());
    assertEquals(ChangeSource.Via.AGENT, command.source().via());
    assertEquals(session, command.source().sessionId());
    assertEquals(
        Json.mapper().valueToTree(pushes("never")).at("/tools"), command.document().at("/tools"));
    assertTrue(world.replies(request).findAny().isEmpty());
    OverrideReply stored = store.written(command);
    PermissionReply reply = world.reply(request);
    assertEquals(Effect.ALLOW, reply.effect(), reply.reason());
    assertEquals(DecidedBy.DEFAULT, reply.decidedBy());
    assertNull(reply.promptId());
    assertTrue(reply.reason().endsWith("The document is at version " + stored.version() + "."));
    assertEquals(
        List.of("edit | Bash \"git push *\": ask → never"),
        Hold.texts("SELECT trace FROM request WHERE request_id = '" + request + "'"));
    assertFalse(prompted(request));
    PermissionReply next = world.decision(session, World.bash("git push origin"));
    assertEquals(DecidedBy.OVERRIDE, next.decidedBy());
    assertEquals(Effect.DENY, next.effect());
    assertEquals(
        reply, world.reply(world.ask(World.request(session, request, level("ask", "never")))));
  }

  /** It is no prompt: nobody is asked about it. */
  @Test
  void everyInboxCanBeReadWhileAnEditIsBeingStored() {
    settled("ask");
    String session = world.session(mode("default"));
    String waiting = world.prompt(world.ask(session, World.bash("make it"))).promptId();
    world.ask(session, level("ask", "never"));
    store.write(session);
    for (String token :
        List.of(
            world.keys.personToken(World.OWNER),
            world.keys.personToken("boss", "admin"),
            world.token(session))) {
      given()
          .header("Authorization", "Bearer " + token)
          .get("/internal/prompts")
          .then()
          .statusCode(200)
          .body("prompts.promptId", hasItem(waiting))
          .body("prompts.promptId", not(hasItem(nullValue())));
    }
  }

  @Test
  void whatWidensIsStoredOnlyAfterAPersonSaidYes() {
    long version = settled("ask");
    String session = world.session(mode("default"));
    String request = world.ask(session, level("ask", "always"));
    PromptState prompt = world.prompt(request);
    assertEquals(version, prompt.edit().version());
    assertEquals(List.of("Bash \"git push *\": ask → always"), prompt.edit().widens());
    assertTrue(prompt.edit().diff().contains("+          \"level\": \"always\""));
    assertTrue(prompt.reason().contains("Bash \"git push *\": ask → always"), prompt.reason());
    assertEquals(
        List.of("allow_once", "reject_once", "reject_always"),
        prompt.options().stream().map(o -> o.optionId().replaceAll(":.*", "")).toList());
    PermissionAnswer edited =
        new PermissionAnswer(
            null,
            prompt.promptId(),
            World.id("a"),
            "allow_once",
            prompt.digest(),
            null,
            Json.mapper().valueToTree(Map.of("oldText", "x", "newText", "y")));
    assertEquals("invalid_answer", world.answer(edited, World.OWNER, Map.of()).code());
    assertEquals(
        "agents_cannot_answer",
        world.answer(prompt, "allow_once", World.OWNER, Map.of("acting_session", session)).code());
    PermissionAnswer yes =
        new PermissionAnswer(
            null, prompt.promptId(), World.id("a"), "allow_once", prompt.digest(), "fine", null);
    world.sendAnswer(yes, World.OWNER, Map.of());
    OverrideCommand command = store.write(session);
    assertEquals("prompt:" + prompt.promptId(), command.commandId());
    assertEquals(version, command.expectedVersion());
    assertEquals(
        new ChangeSource(ChangeSource.Via.PROMPT, World.OWNER, prompt.promptId(), "fine", session),
        command.source());
    assertTrue(world.replies(request).findAny().isEmpty());
    OverrideReply stored = store.written(command);
    PermissionReply reply = world.reply(request);
    assertEquals(Effect.ALLOW, reply.effect(), reply.reason());
    assertEquals(World.OWNER, reply.user());
    assertEquals(
        "Approved by ann: fine. The document is at version " + stored.version() + ".",
        reply.reason());
    assertEquals(AnswerReply.Outcome.ACCEPTED, world.answerReply(yes.answerId()).outcome());
    assertEquals(
        DecidedBy.OVERRIDE, world.decision(session, World.bash("git push origin")).decidedBy());
  }

  @Test
  void aNoStoresNothing() {
    settled("never");
    String session = world.session(mode("auto"));
    String request = world.ask(session, level("never", "ask"));
    PromptState prompt = world.prompt(request);
    assertEquals(AnswerReply.Outcome.ACCEPTED, world.answer(prompt, "reject_once").outcome());
    PermissionReply reply = world.reply(request);
    assertEquals(Effect.DENY, reply.effect());
    assertEquals(DecidedBy.USER, reply.decidedBy());
    assertEquals(
        0,
        world
            .wire
            .values(Topics.OVERRIDE_COMMANDS, OverrideCommand.class)
            .filter(c -> session.equals(c.source().sessionId()))
            .count());
  }

  @Test
  void anotherVersionEndsThePromptAndTheAnswerComesTooLate() {
    settled("ask");
    String session = world.session(mode("default"));
    String request = world.ask(session, level("ask", "always"));
    PromptState prompt = world.prompt(request);
    store.publish(World.OWNER, pushes("never"));
    PermissionReply reply = world.reply(request);
    assertEquals("version_conflict", reply.code());
    assertEquals(DecidedBy.SYSTEM, reply.decidedBy());
    assertTrue(reply.reason().contains("edit again"), reply.reason());
    assertEquals(AnswerReply.Outcome.ALREADY_DECIDED, world.answer(prompt, "allow_once").outcome());
  }

  @Test
  void whatTheStoreFindsAtAnotherVersionIsNotSaidToBeStored() {
    settled("ask");
    String session = world.session(mode("default"));
    String request = world.ask(session, level("ask", "always"));
    PromptState prompt = world.prompt(request);
    PermissionAnswer yes =
        new PermissionAnswer(
            null, prompt.promptId(), World.id("a"), "allow_once", prompt.digest(), null, null);
    world.sendAnswer(yes, World.OWNER, Map.of());
    store.refuse(store.write(session), "version_conflict");
    PermissionReply reply = world.reply(request);
    assertEquals("version_conflict", reply.code());
    assertEquals(Effect.DENY, reply.effect());
    AnswerReply answer = world.answerReply(yes.answerId());
    assertEquals(AnswerReply.Outcome.REFUSED, answer.outcome());
    assertEquals("version_conflict", answer.code());
  }

  @Test
  void whereNobodyIsAskedNothingIsLoosenedButTighteningGoesOn() {
    settled("ask");
    SessionSettings headless =
        new SessionSettings(
            "default", null, null, null, true, List.of("/proj"), null, null, null, null, null);
    PermissionReply unasked = world.decision(world.session(headless), level("ask", "always"));
    assertEquals(DecidedBy.POLICY, unasked.decidedBy());
    assertTrue(unasked.reason().contains("ask → always"), unasked.reason());
    assertEquals(
        DecidedBy.POLICY,
        world.decision(world.session(mode("dontAsk")), level("ask", "always")).decidedBy());
    String bypass = world.session(mode("bypassPermissions"), "bypass");
    PermissionReply mode = world.decision(bypass, level("ask", "always"));
    assertEquals(DecidedBy.MODE, mode.decidedBy());
    assertTrue(mode.reason().contains("A person edits the document"), mode.reason());
    String request = world.ask(bypass, level("ask", "never"));
    store.written(store.write(bypass));
    assertEquals(Effect.ALLOW, world.reply(request).effect());
  }

  @Test
  void whatIsForbiddenIsForbiddenAlsoIfItTightens() {
    settled("ask");
    SessionSettings forbidding =
        new SessionSettings(
            "default",
            null,
            null,
            null,
            null,
            List.of("/proj"),
            null,
            new RuleSet(null, null, List.of("edit_permissions")),
            null,
            null,
            null);
    PermissionReply reply = world.decision(world.session(forbidding), level("ask", "never"));
    assertEquals(Effect.DENY, reply.effect());
    assertEquals(DecidedBy.RULE, reply.decidedBy());
  }

  @Test
  void anEditThatIsSentAgainWhileItIsStoredIsStoredOnce() {
    settled("ask");
    String session = world.session(mode("default"));
    String request = world.ask(session, level("ask", "never"));
    OverrideCommand command = store.write(session);
    world.ask(World.request(session, request, level("ask", "never")));
    store.written(command);
    PermissionReply reply = world.reply(request);
    world.ask(World.request(session, request, level("ask", "never")));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.replies(request).count() >= 2);
    assertTrue(world.replies(request).allMatch(reply::equals));
    assertEquals(
        1,
        world
            .wire
            .values(Topics.OVERRIDE_COMMANDS, OverrideCommand.class)
            .filter(c -> session.equals(c.source().sessionId()))
            .map(OverrideCommand::commandId)
            .distinct()
            .count());
  }

  @Test
  void whatCannotBeDoneIsSaidPrecisely() {
    long version = settled("ask");
    String session = world.session(mode("default"));
    assertEquals("text_not_found", world.decision(session, edit("nowhere", "x")).code());
    assertEquals("ambiguous", world.decision(session, edit("\"", "x")).code());
    PermissionReply invalid = world.decision(session, level("ask", "Ask"));
    assertEquals("invalid_document", invalid.code());
    assertTrue(invalid.reason().contains("line 12, column 20"), invalid.reason());
    assertEquals(DecidedBy.SYSTEM, invalid.decidedBy());
    Map<String, Object> old = Map.of("document", "{}", "version", version - 1);
    assertEquals(
        "version_conflict", world.decision(session, World.call("edit_permissions", old)).code());
  }
}
