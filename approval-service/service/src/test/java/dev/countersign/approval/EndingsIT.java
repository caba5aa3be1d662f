package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static dev.countersign.approval.World.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Every way in which a request ends. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class EndingsIT {
  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);

  private static PermissionRequest waiting(String session, String command, long millis) {
    return new PermissionRequest(
        null, session, id("r"), "turn-1", bash(command), millis, null, null);
  }

  @Test
  void theSameRecordTwiceIsOneDecisionAndOneReceipt() {
    String session = world.session(mode("default"));
    PermissionRequest request = request(session, id("r"), bash("ls"));
    world.ask(request);
    world.ask(request);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.replies(request.requestId()).count() == 2);
    assertEquals(1, world.replies(request.requestId()).distinct().count());
    world.decision(session, bash("ls -l"));
    assertEquals(1, world.receipts(request.requestId()).count());
  }

  @Test
  void askedAgainWhileOpenItStaysOpen() {
    String session = world.session(mode("default"));
    PermissionRequest request = request(session, id("r"), bash("make all"));
    world.ask(request);
    PromptState prompt = world.prompt(request.requestId());
    world.ask(request);
    world.decision(session, bash("ls"));
    assertEquals(0, world.replies(request.requestId()).count());
    world.answer(prompt, "reject_once");
    PermissionReply reply = world.reply(request.requestId());
    assertEquals(Effect.DENY, reply.effect());
    assertEquals("Declined by ann.", reply.reason());
  }

  @Test
  void theSecondAnswerHearsWhoWasFirst() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make all")));
    world.answer(prompt, "allow_once");
    AnswerReply second = world.answer(prompt, "reject_once", "boss", Map.of(), "admin");
    assertEquals(AnswerReply.Outcome.ALREADY_DECIDED, second.outcome());
    assertEquals(Effect.ALLOW, second.decision().effect());
    assertEquals(World.OWNER, second.decision().user());
  }

  @Test
  void theSameAnswerTwiceIsAcceptedTwice() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make all")));
    PermissionAnswer answer =
        new PermissionAnswer(
            null, prompt.promptId(), id("a"), "allow_once", prompt.digest(), null, null);
    world.answer(answer, World.OWNER, Map.of());
    world.sendAnswer(answer, World.OWNER, Map.of());
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                world
                        .wire
                        .values(Topics.ANSWER_REPLIES, AnswerReply.class)
                        .filter(r -> answer.answerId().equals(r.answerId()))
                        .filter(r -> r.outcome() == AnswerReply.Outcome.ACCEPTED)
                        .count()
                    == 2);
  }

  @Test
  void answersThatCannotCount() {
    String session = world.session(mode("default"));
    String request = world.ask(session, bash("make all"));
    PromptState prompt = world.prompt(request);
    assertEquals("not_yours", world.answer(prompt, "allow_once", "bob", Map.of()).code());
    assertEquals(
        "agents_cannot_answer",
        world.answer(prompt, "allow_once", World.OWNER, Map.of("acting_session", session)).code());
    assertEquals("unknown_option", world.answer(prompt, "Allow_Once").code());
    PermissionAnswer stale =
        new PermissionAnswer(
            null, prompt.promptId(), id("a"), "allow_once", "0".repeat(64), null, null);
    assertEquals("stale_prompt", world.answer(stale, World.OWNER, Map.of()).code());
    PermissionAnswer nowhere =
        new PermissionAnswer(null, id("p"), id("a"), "allow_once", null, null, null);
    assertEquals("unknown_prompt", world.answer(nowhere, World.OWNER, Map.of()).code());
    assertEquals(0, world.replies(request).count());
    assertEquals(
        AnswerReply.Outcome.ACCEPTED,
        world.answer(prompt, "reject_once", "boss", Map.of(), "admin").outcome());
  }

  @Test
  void editedInputIsDecidedAgain() {
    String session =
        world.session(
            new SessionSettings(
                "default",
                null,
                null,
                null,
                null,
                List.of("/proj"),
                null,
                new RuleSet(null, null, List.of("Bash(curl *)")),
                null,
                null,
                null));
    PromptState good = world.prompt(world.ask(session, bash("make all")));
    JsonNode edited = Json.mapper().valueToTree(Map.of("command", "make test"));
    world.answer(edit(good, edited), World.OWNER, Map.of());
    PermissionReply allowed = world.reply(good.requestId());
    assertEquals(edited, allowed.editedInput());
    assertEquals(good.digest(), allowed.digest());
    PromptState bad = world.prompt(world.ask(session, bash("make more")));
    JsonNode forbidden = Json.mapper().valueToTree(Map.of("command", "curl evil.example"));
    AnswerReply beaten = world.answer(edit(bad, forbidden), World.OWNER, Map.of());
    assertEquals("denied_by_policy", beaten.code());
    PermissionReply denied = world.reply(bad.requestId());
    assertEquals(Effect.DENY, denied.effect());
    assertEquals(DecidedBy.RULE, denied.decidedBy());
  }

  private static PermissionAnswer edit(PromptState prompt, JsonNode input) {
    return new PermissionAnswer(
        null, prompt.promptId(), id("a"), "allow_once", prompt.digest(), "so", input);
  }

  @Test
  void nobodyAnswersInTime() {
    String session = world.session(mode("default"));
    PermissionRequest request = waiting(session, "make all", 60_000);
    world.ask(request);
    PromptState prompt = world.prompt(request.requestId());
    assertFalse(prompt.deadline().isAfter(prompt.openedAt().plusSeconds(60)), prompt.toString());
    assertEquals(0, world.replies(request.requestId()).count());
    String which = " WHERE request_id = '" + request.requestId() + "'";
    Hold.run("UPDATE request SET deadline = clock_timestamp()" + which);
    PermissionReply reply = world.reply(request.requestId());
    assertEquals(DecidedBy.TIMEOUT, reply.decidedBy());
    assertEquals("timeout", reply.code());
    assertNull(reply.user());
    assertEquals(
        1, Hold.number("SELECT count(*) FROM request" + which + " AND decided_at >= deadline"));
    world.awaitTombstone(prompt.promptId());
    AnswerReply late = world.answer(prompt, "allow_once");
    assertEquals(AnswerReply.Outcome.ALREADY_DECIDED, late.outcome());
  }

  @Test
  void whoWaitsNoLongerIsNotAskedAbout() {
    String session = world.session(mode("default"));
    PermissionRequest request = waiting(session, "make all", 0);
    world.ask(request);
    assertEquals("timeout", world.reply(request.requestId()).code());
    assertNull(world.reply(request.requestId()).promptId());
  }

  @Test
  void cancelEndsAPromptAndOvertakes() {
    String session = world.session(mode("default"));
    String open = world.ask(session, bash("make all"));
    world.prompt(open);
    world.cancel(session, open);
    assertEquals(DecidedBy.CANCELLED, world.reply(open).decidedBy());
    String later = id("r");
    world.cancel(session, later);
    assertEquals(DecidedBy.CANCELLED, world.reply(later).decidedBy());
    world.ask(request(session, later, bash("ls")));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.replies(later).count() == 2);
    assertTrue(world.replies(later).allMatch(r -> r.decidedBy() == DecidedBy.CANCELLED));
  }

  @Test
  void closingASessionEndsWhatIsOpenAndWhatComes() {
    String session = world.session(mode("default"));
    String open = world.ask(session, bash("make all"));
    world.prompt(open);
    assertTrue(world.close(session).ok());
    assertEquals(DecidedBy.CANCELLED, world.reply(open).decidedBy());
    PermissionReply after = world.decision(session, bash("ls"));
    assertEquals("session_closed", after.code());
    assertEquals(Effect.DENY, after.effect());
  }

  @Test
  void headlessAndDontAskNeverWait() {
    SessionSettings headless =
        new SessionSettings(
            "default", null, null, null, true, List.of("/proj"), null, null, null, null, null);
    PermissionReply first = world.decision(world.session(headless), bash("make all"));
    assertEquals(DecidedBy.POLICY, first.decidedBy());
    assertNull(first.promptId());
    PermissionReply second = world.decision(world.session(mode("dontAsk")), bash("make all"));
    assertEquals(Effect.DENY, second.effect());
    assertNull(second.promptId());
  }

  @Test
  void anApprovalForTheTurnHoldsInItAndNowhereElse() {
    String session = world.session(mode("default"));
    PermissionRequest first = waiting(session, "make all", 60_000);
    world.ask(first);
    PromptState prompt = world.prompt(first.requestId());
    assertEquals(AnswerReply.Outcome.ACCEPTED, world.answer(prompt, "allow_turn").outcome());
    PermissionRequest same = waiting(session, "make all", 60_000);
    world.ask(same);
    assertEquals(DecidedBy.GRANT, world.reply(same.requestId()).decidedBy());
    PermissionRequest other =
        new PermissionRequest(null, session, id("r"), "turn-2", bash("make all"), null, null, null);
    world.ask(other);
    world.prompt(other.requestId());
    assertEquals(0, world.replies(other.requestId()).count());
  }

  private static PromptOption always(PromptState prompt) {
    return prompt.options().stream()
        .filter(o -> o.kind() == PromptOption.Kind.ALLOW_ALWAYS)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void alwaysIsStoredBeforeTheAgentHearsItAndHoldsAtOnce() throws Exception {
    String session = world.session(mode("default"));
    String request = world.ask(session, bash("make docs"));
    PromptState prompt = world.prompt(request);
    PromptOption always = always(prompt);
    PermissionAnswer answer =
        new PermissionAnswer(
            null, prompt.promptId(), id("a"), always.optionId(), prompt.digest(), null, null);
    world.sendAnswer(answer, World.OWNER, Map.of());
    OverrideCommand command = store.command(prompt.promptId());
    assertEquals(always.stores(), command.tool());
    assertEquals(always.resource(), command.resource());
    assertEquals("always", command.level());
    assertEquals(0, world.replies(request).count());
    AnswerReply between = world.answer(prompt, "reject_once", "boss", Map.of(), "admin");
    assertEquals(AnswerReply.Outcome.ALREADY_DECIDED, between.outcome());
    store.store(command);
    assertEquals(AnswerReply.Outcome.ACCEPTED, world.answerReply(answer.answerId()).outcome());
    PermissionReply reply = world.reply(request);
    assertEquals(DecidedBy.USER, reply.decidedBy());
    assertEquals(Effect.ALLOW, reply.effect());
    PermissionReply next = world.decision(session, bash("make docs"));
    assertEquals(DecidedBy.OVERRIDE, next.decidedBy());
    assertEquals(Effect.ALLOW, next.effect());
    store.clear(World.OWNER);
  }

  @Test
  void alwaysThatCannotBeStoredIsADenialByTheSystem() throws Exception {
    String session = world.session(mode("default"));
    for (boolean heard : List.of(true, false)) {
      String request = world.ask(session, bash("make docs" + heard));
      PromptState prompt = world.prompt(request);
      PermissionAnswer answer =
          new PermissionAnswer(
              null,
              prompt.promptId(),
              id("a"),
              always(prompt).optionId(),
              prompt.digest(),
              null,
              null);
      world.sendAnswer(answer, World.OWNER, Map.of());
      OverrideCommand command = store.command(prompt.promptId());
      if (heard) {
        store.refuse(command);
      } else {
        Awaitility.await("it is commanded again")
            .atMost(Duration.ofSeconds(20))
            .until(() -> sent(command) > 1);
        FakeStore.takesTooLong(prompt);
      }
      PermissionReply reply = world.reply(request);
      assertEquals("override_not_stored", reply.code());
      assertEquals(DecidedBy.SYSTEM, reply.decidedBy());
      AnswerReply refused = world.answerReply(answer.answerId());
      assertEquals(AnswerReply.Outcome.REFUSED, refused.outcome());
    }
  }

  private long sent(OverrideCommand command) {
    return world
        .wire
        .values(Topics.OVERRIDE_COMMANDS, OverrideCommand.class)
        .filter(c -> c.commandId().equals(command.commandId()))
        .count();
  }

  @Test
  void onlyAnApprovalGivenInPlanModeCountsThere() {
    String planning = world.session(mode("plan"));
    world.answer(world.prompt(world.ask(planning, bash("make all"))), "allow_session");
    assertEquals(DecidedBy.GRANT, world.decision(planning, bash("make all")).decidedBy());
    String session = world.session(mode("default"));
    world.answer(world.prompt(world.ask(session, bash("make all"))), "allow_session");
    assertEquals(DecidedBy.GRANT, world.decision(session, bash("make all")).decidedBy());
    assertTrue(world.set(session, mode("plan")).ok());
    world.prompt(world.ask(session, bash("make all")));
  }

  @Test
  void aTightenedPolicyEndsOpenPromptsAndGrants() {
    String session = world.session(mode("default"));
    PromptState granted = world.prompt(world.ask(session, bash("make all")));
    world.answer(granted, "allow_session");
    assertEquals(DecidedBy.GRANT, world.decision(session, bash("make all")).decidedBy());
    String open = world.ask(session, bash("make some"));
    world.prompt(open);
    SessionSettings tighter =
        new SessionSettings(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new RuleSet(null, null, List.of("Bash(make *)")),
            null,
            null,
            null);
    assertTrue(world.set(session, tighter).ok());
    PermissionReply ended = world.reply(open);
    assertEquals(DecidedBy.RULE, ended.decidedBy());
    assertEquals(Effect.DENY, ended.effect());
    SessionSettings loose =
        new SessionSettings(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new RuleSet(null, null, null),
            null,
            null,
            null);
    assertTrue(world.set(session, loose).ok());
    String again = world.ask(session, bash("make all"));
    world.prompt(again);
    assertEquals(0, world.replies(again).count());
  }
}
