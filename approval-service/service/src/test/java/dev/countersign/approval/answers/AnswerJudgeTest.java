package dev.countersign.approval.answers;

import static dev.countersign.approval.Fixtures.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.Fixtures;
import dev.countersign.approval.answers.AnswerJudge.Effect;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.prompts.StoredPrompt.Choice;
import dev.countersign.approval.requests.ReplyAddress;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.approval.requests.StoredRequest.State;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptOption.Kind;
import dev.countersign.protocol.PromptOption.Scope;
import dev.countersign.protocol.RuleSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerJudgeTest {
  private static final String ALWAYS = "allow_always:" + "0".repeat(32);

  private static final List<PromptOption> OPTIONS =
      List.of(
          new PromptOption("allow_once", Kind.ALLOW_ONCE, "Once", Scope.ONCE, null, null),
          new PromptOption("allow_turn", Kind.ALLOW_ONCE, "Turn", Scope.TURN, null, null),
          new PromptOption(ALWAYS, Kind.ALLOW_ALWAYS, "Always", Scope.ALWAYS, "Bash", "make all"),
          new PromptOption("reject_once", Kind.REJECT_ONCE, "No", Scope.ONCE, null, null));

  private final SessionPolicy asking = Fixtures.policy(Fixtures.settings("default", null));

  private static StoredPrompt prompt(State state, Instant deadline, Choice choice) {
    StoredRequest request =
        new StoredRequest(
            new RequestKey("default", "s1", "r1"),
            1,
            "ann",
            "Bash",
            Fixtures.digest("make all"),
            "t1",
            null,
            null,
            state,
            NOW.minusSeconds(10),
            ReplyAddress.byDefault(null),
            0,
            0,
            Fixtures.FENCE,
            "default",
            "p1",
            deadline,
            null,
            null,
            1);
    return new StoredPrompt(
        request,
        "why",
        OPTIONS,
        NOW.minusSeconds(9),
        Fixtures.bash("make all"),
        choice,
        null,
        null);
  }

  private static StoredPrompt open() {
    return prompt(State.OPEN, NOW.plusSeconds(60), null);
  }

  private static Answer answer(String person, boolean admin, String option, JsonNode edited) {
    return new Answer(
        new PermissionAnswer(null, "p1", "a1", option, null, "why not", edited),
        person,
        admin,
        null);
  }

  private static Answer answer(String option) {
    return answer("ann", false, option, null);
  }

  private static JsonNode command(String text) {
    return Json.mapper().valueToTree(Map.of("command", text));
  }

  @Test
  void theOwnerAllows() {
    Effect.End end =
        assertInstanceOf(Effect.End.class, AnswerJudge.judge(answer("allow_once"), open(), asking));
    assertEquals(DecidedBy.USER, end.outcome().decidedBy());
    assertEquals("ann", end.outcome().user());
    assertEquals("Approved by ann: why not", end.outcome().reason());
    assertEquals(Scope.ONCE, end.grant());
  }

  @Test
  void anAdminMayAnswerForOthers() {
    Effect effect = AnswerJudge.judge(answer("boss", true, "reject_once", null), open(), asking);
    assertEquals("boss", assertInstanceOf(Effect.End.class, effect).outcome().user());
  }

  @Test
  void aStrangerMayNot() {
    Effect effect = AnswerJudge.judge(answer("bob", false, "allow_once", null), open(), asking);
    assertEquals("not_yours", assertInstanceOf(Effect.Refuse.class, effect).code());
  }

  @Test
  void theSecondAnswerComesTooLate() {
    Choice first = new Choice("a0", null, "ann", ALWAYS, null, "prompt:p1");
    StoredPrompt settling = prompt(State.SETTLING, NOW.plusSeconds(60), first);
    assertInstanceOf(
        Effect.AlreadyDecided.class, AnswerJudge.judge(answer("allow_once"), settling, asking));
    Choice same = new Choice("a1", null, "ann", ALWAYS, "why not", "prompt:p1");
    assertInstanceOf(
        Effect.Repeated.class,
        AnswerJudge.judge(
            answer(ALWAYS), prompt(State.SETTLING, NOW.plusSeconds(60), same), asking));
  }

  @Test
  void anAnswerIdStandsForOneAnswerOfOnePerson() {
    Choice first = new Choice("a1", null, "ann", ALWAYS, "why not", "prompt:p1");
    StoredPrompt settling = prompt(State.SETTLING, NOW.plusSeconds(60), first);
    Effect other = AnswerJudge.judge(answer("reject_once"), settling, asking);
    assertEquals("answer_id_reused", assertInstanceOf(Effect.Refuse.class, other).code());
    assertInstanceOf(
        Effect.AlreadyDecided.class,
        AnswerJudge.judge(answer("boss", true, ALWAYS, null), settling, asking));
    Effect stranger = AnswerJudge.judge(answer("bob", false, ALWAYS, null), settling, asking);
    assertEquals("not_yours", assertInstanceOf(Effect.Refuse.class, stranger).code());
  }

  @Test
  void anOptionThatIsGoneIsRefusedAsGone() {
    Effect gone = AnswerJudge.judge(answer("allow_always:" + "1".repeat(32)), open(), asking);
    assertEquals("stale_option", assertInstanceOf(Effect.Refuse.class, gone).code());
    Effect never = AnswerJudge.judge(answer("allow_always"), open(), asking);
    assertEquals("unknown_option", assertInstanceOf(Effect.Refuse.class, never).code());
  }

  @Test
  void afterTheDeadlineItIsATimeout() {
    Effect effect = AnswerJudge.judge(answer("allow_once"), prompt(State.OPEN, NOW, null), asking);
    assertEquals(
        DecidedBy.TIMEOUT,
        assertInstanceOf(Effect.EndOtherwise.class, effect).outcome().decidedBy());
  }

  @Test
  void aDenialByThePolicyBeatsTheAnswer() {
    SessionPolicy tightened =
        Fixtures.policy(
            Fixtures.settings("default", new RuleSet(null, null, List.of("Bash(make *)"))));
    Effect effect = AnswerJudge.judge(answer("allow_once"), open(), tightened);
    assertEquals(
        DecidedBy.RULE, assertInstanceOf(Effect.Denied.class, effect).outcome().decidedBy());
  }

  @Test
  void onAClosedSessionItIsWithdrawn() {
    Effect effect = AnswerJudge.judge(answer("allow_once"), open(), Fixtures.closed());
    assertEquals(
        DecidedBy.CANCELLED,
        assertInstanceOf(Effect.EndOtherwise.class, effect).outcome().decidedBy());
  }

  @Test
  void alwaysSettlesUnderACommandOfThisPrompt() {
    Effect effect = AnswerJudge.judge(answer(ALWAYS), open(), asking);
    assertEquals("prompt:p1", assertInstanceOf(Effect.Settle.class, effect).choice().commandId());
  }

  @Test
  void forTheTurnGivesAGrant() {
    Effect effect = AnswerJudge.judge(answer("allow_turn"), open(), asking);
    assertEquals(Scope.TURN, assertInstanceOf(Effect.End.class, effect).grant());
  }

  @Test
  void editedInputIsJudgedFromTheStart() {
    SessionPolicy policy =
        Fixtures.policy(
            Fixtures.settings("default", new RuleSet(null, null, List.of("Bash(curl *)"))));
    Effect fine =
        AnswerJudge.judge(answer("ann", false, "allow_once", command("make test")), open(), policy);
    assertEquals(
        command("make test"), assertInstanceOf(Effect.End.class, fine).outcome().editedInput());
    Effect denied =
        AnswerJudge.judge(answer("ann", false, "allow_once", command("curl x")), open(), policy);
    Effect.Denied said = assertInstanceOf(Effect.Denied.class, denied);
    assertEquals("a1", said.choice().answerId());
    assertEquals(
        "With the input as ann edited it: Denied by rule Bash(curl *) [project].",
        said.outcome().reason());
    Effect wrong =
        AnswerJudge.judge(answer("ann", false, ALWAYS, command("make test")), open(), policy);
    assertEquals("invalid_answer", assertInstanceOf(Effect.Refuse.class, wrong).code());
  }

  @Test
  void whatWasRejectedForGoodIsTheUsersNo() {
    Choice choice = new Choice("a1", null, "ann", "reject_once", "never", "prompt:p1");
    var outcome =
        AnswerOutcomes.stored(prompt(State.SETTLING, NOW.plusSeconds(60), choice), asking);
    assertEquals("Declined by ann: never", outcome.reason());
    assertNull(outcome.execution());
  }
}
