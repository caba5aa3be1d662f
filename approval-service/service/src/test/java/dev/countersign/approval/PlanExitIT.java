package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.call;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.SessionView;
import dev.countersign.protocol.ToolCall;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person's answer to a plan is what leaves plan mode, and for where. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class PlanExitIT {
  private static final ToolCall PLAN = call("ExitPlanMode", Map.of("plan", "1. Write it."));
  private static final ToolCall EDIT =
      call("Write", Map.of("file_path", "/proj/a.txt", "content", "hi"));

  private final World world = World.get();

  private SessionView view(String session, String parent) {
    SessionReply reply =
        world.start(session, parent, SessionSettings.none(), World.OWNER, Map.of());
    assertTrue(reply.ok(), reply.detail());
    return reply.session();
  }

  private String child(String parent, SessionSettings settings, Map<String, ?> claims) {
    String id = id("s");
    SessionReply reply = world.start(id, parent, settings, World.OWNER, claims);
    assertTrue(reply.ok(), reply.detail());
    return id;
  }

  private String ask(String session, ToolCall call, String claimed) {
    return world.ask(
        new PermissionRequest(null, session, id("r"), "turn-1", call, null, claimed, null));
  }

  private static PromptOption into(PromptState prompt, String mode) {
    return prompt.options().stream().filter(o -> mode.equals(o.mode())).findFirst().orElseThrow();
  }

  private static List<String> modes(PromptState prompt) {
    return prompt.options().stream().map(PromptOption::mode).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "acceptEdits"})
  void anApprovedPlanSwitchesTheSessionThatAskedAndTheNextEditIsDecidedByTheNewMode(String mode) {
    String session = world.session(mode("plan"));
    assertEquals(Effect.DENY, world.decision(session, EDIT).effect());
    long version = view(session, null).version();
    String other = ask(session, PLAN, null);
    world.prompt(other);
    PromptState prompt = world.prompt(ask(session, PLAN, null));
    assertEquals(Arrays.asList("default", "acceptEdits", null), modes(prompt));
    assertEquals(List.of(session), into(prompt, mode).switches());
    assertEquals("Approve and go on in " + mode, into(prompt, mode).label());

    AnswerReply answer = world.answer(prompt, into(prompt, mode).optionId());
    assertEquals(AnswerReply.Outcome.ACCEPTED, answer.outcome(), answer.detail());
    PermissionReply reply = world.reply(prompt.requestId());
    assertEquals(DecidedBy.USER, reply.decidedBy());
    assertEquals(Effect.ALLOW, reply.effect());
    assertEquals("Approved by ann; the session goes on in " + mode + ".", reply.reason());
    SessionView after = view(session, null);
    assertEquals(mode, after.permissionMode());
    assertEquals("approved_plan", after.modeSource());
    assertEquals(version + 1, after.version());
    assertEquals(version, world.receipt(prompt.requestId()).fence().session());

    String edit = ask(session, EDIT, "default");
    if (mode.equals("acceptEdits")) {
      assertEquals(DecidedBy.MODE, world.reply(edit).decidedBy());
      assertEquals(Effect.ALLOW, world.reply(edit).effect());
    } else {
      world.prompt(edit);
    }
    PermissionReply judgedAgain = world.reply(other);
    assertEquals(DecidedBy.MODE, judgedAgain.decidedBy(), "open prompts are judged again");
    assertEquals(Effect.DENY, world.reply(ask(session, EDIT, "plan")).effect());
  }

  /** Settling holds a session, perhaps below, before it has the document. */
  @Test
  void anApprovalHasEverySessionItChangesBeforeItHasTheDocument() throws Exception {
    String session = world.session(mode("plan"));
    String below = child(session, mode("plan"), Map.of());
    PromptState prompt = world.prompt(ask(session, PLAN, null));
    try (Hold settling =
        Hold.of("SELECT FROM session WHERE id = '%s' FOR SHARE".formatted(below))) {
      world.sendAnswer(
          new PermissionAnswer(
              null,
              prompt.promptId(),
              id("a"),
              into(prompt, "default").optionId(),
              null,
              null,
              null),
          World.OWNER,
          Map.of());
      Hold.awaitWaiting("%session%", () -> false);
      settling.also("SELECT FROM override_projection WHERE user_id = 'ann' FOR UPDATE NOWAIT");
    }
    assertEquals(Effect.ALLOW, world.reply(prompt.requestId()).effect());
    assertEquals("default", view(session, null).permissionMode());
  }

  @Test
  void theSameApprovalTwiceSwitchesOnce() {
    String session = world.session(mode("plan"));
    PromptState prompt = world.prompt(ask(session, PLAN, null));
    PermissionAnswer answer =
        new PermissionAnswer(
            null, prompt.promptId(), id("a"), into(prompt, "default").optionId(), null, null, null);
    world.answer(answer, World.OWNER, Map.of());
    long version = view(session, null).version();
    world.set(session, mode("plan"));
    world.answer(answer, World.OWNER, Map.of());
    assertEquals("plan", view(session, null).permissionMode());
    assertEquals(version + 1, view(session, null).version());
  }

  @Test
  void aRejectStaysInPlanAndItsFeedbackReachesTheModel() {
    String session = world.session(mode("plan"));
    PromptState prompt = world.prompt(ask(session, PLAN, null));
    PromptOption stay = prompt.options().get(2);
    assertEquals("Stay in plan", stay.label());
    assertEquals(PromptOption.Kind.REJECT_ONCE, stay.kind());
    world.answer(
        new PermissionAnswer(
            null, prompt.promptId(), id("a"), stay.optionId(), null, "test first", null),
        World.OWNER,
        Map.of());
    PermissionReply reply = world.reply(prompt.requestId());
    assertEquals("Declined by ann: test first", reply.reason());
    assertEquals("plan", view(session, null).permissionMode());
    assertEquals(Effect.DENY, world.decision(session, EDIT).effect());
  }

  @Test
  void planModeFromAboveIsNamedAndLeftThere() {
    String root = world.session(mode("plan"));
    String child = child(root, SessionSettings.none(), Map.of("acting_session", root));
    PromptState prompt = world.prompt(ask(child, PLAN, null));
    PromptOption option = into(prompt, "acceptEdits");
    assertEquals(List.of(root), option.switches());
    assertTrue(option.label().contains("session " + root), option.label());
    assertEquals("not_yours", world.answer(prompt, option.optionId(), "bob", Map.of()).code());
    assertEquals(
        "agents_cannot_answer",
        world
            .answer(prompt, option.optionId(), World.OWNER, Map.of("acting_session", child))
            .code());
    assertEquals("plan", view(root, null).permissionMode());
    world.answer(prompt, option.optionId());
    assertEquals("acceptEdits", view(root, null).permissionMode());
    assertEquals(Effect.ALLOW, world.reply(ask(child, EDIT, "default")).effect());
  }

  @Test
  void noModeIsOfferedThatASessionAboveDoesNotHave() {
    String root = world.session(mode("default"));
    String child = child(root, mode("plan"), Map.of());
    PromptState prompt = world.prompt(ask(child, PLAN, null));
    assertEquals(Arrays.asList("default", null), modes(prompt));
    PromptOption before = into(prompt, "default");
    world.set(root, mode("plan"));
    AnswerReply stale = world.answer(prompt, before.optionId());
    assertEquals(AnswerReply.Outcome.REFUSED, stale.outcome());
    assertEquals("plan", view(child, root).permissionMode());
    assertEquals("plan", view(root, null).permissionMode());
  }

  @Test
  void aPlanThatOnlyTheAgentClaimsIsLeftInTheSessionThatAsked() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(ask(session, PLAN, "plan"));
    assertEquals(List.of(session), into(prompt, "acceptEdits").switches());
    world.answer(prompt, into(prompt, "acceptEdits").optionId());
    assertEquals("acceptEdits", view(session, null).permissionMode());
    assertEquals(Effect.ALLOW, world.reply(ask(session, EDIT, "default")).effect());
    assertEquals(Effect.DENY, world.reply(ask(session, EDIT, "plan")).effect());
    world.set(session, mode("acceptEdits"));
    world.prompt(ask(session, EDIT, "default"));
  }

  @Test
  void approvingAPlanThatOnlyTheAgentClaimsLowersNothing() {
    String session = world.session(mode("bypassPermissions"), "bypass");
    PromptState prompt = world.prompt(ask(session, PLAN, "plan"));
    assertEquals(Arrays.asList("bypassPermissions", null), modes(prompt));
    PromptOption goOn = into(prompt, "bypassPermissions");
    assertEquals("Approve; this session stays in bypassPermissions", goOn.label());
    assertEquals(List.of(), goOn.switches());
    long version = view(session, null).version();
    assertEquals(AnswerReply.Outcome.ACCEPTED, world.answer(prompt, goOn.optionId()).outcome());
    assertEquals(Effect.ALLOW, world.reply(prompt.requestId()).effect());
    assertEquals("bypassPermissions", view(session, null).permissionMode());
    assertEquals(version, view(session, null).version());
  }

  @Test
  void approvingAPlanThatOnlyTheAgentClaimsLeavesAChildItsParentsMode() {
    String root = world.session(mode("acceptEdits"));
    String child = child(root, SessionSettings.none(), Map.of("acting_session", root));
    PromptState prompt = world.prompt(ask(child, PLAN, "plan"));
    assertEquals(Arrays.asList("acceptEdits", null), modes(prompt));
    assertEquals(List.of(child), into(prompt, "acceptEdits").switches());
    world.answer(prompt, into(prompt, "acceptEdits").optionId());
    assertEquals(Effect.ALLOW, world.reply(prompt.requestId()).effect());
    assertEquals(Effect.ALLOW, world.reply(ask(child, EDIT, "default")).effect());
    world.set(root, mode("auto"));
    assertEquals("auto", view(child, root).permissionMode());
    world.set(root, mode("default"));
    assertEquals("default", view(child, root).permissionMode());
    PromptState none = world.prompt(ask(child, call("switch_mode", Map.of("mode", "auto")), null));
    assertEquals(Arrays.asList((String) null), modes(none), "never above the parent");
  }

  @Test
  void aSwitchByNameLeadsToThatModeAndNeverToBypass() {
    String session = world.session(mode("default"));
    PromptState wide =
        world.prompt(ask(session, call("switch_mode", Map.of("mode", "bypassPermissions")), null));
    assertEquals(1, wide.options().size());
    assertEquals("Stay in default", wide.options().get(0).label());
    PromptState auto =
        world.prompt(ask(session, call("switch_mode", Map.of("mode", "auto")), null));
    world.answer(auto, into(auto, "auto").optionId(), "boss", Map.of(), "admin");
    assertEquals("boss", world.reply(auto.requestId()).user());
    assertEquals("auto", view(session, null).permissionMode());
  }

  @Test
  void aHeadlessPlanIsReturnedAsTheResult() {
    SessionSettings headless =
        new SessionSettings(
            "plan", null, null, null, true, List.of("/proj"), null, null, null, null, null);
    PermissionReply reply = world.decision(world.session(headless), PLAN);
    assertEquals(Effect.DENY, reply.effect());
    assertTrue(reply.reason().contains("Return the plan as the result"), reply.reason());
    assertNull(reply.promptId());
    assertEquals(Effect.ALLOW, world.decision(world.session(mode("plan")), bash("ls")).effect());
  }
}
