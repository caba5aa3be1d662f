package dev.countersign.approval.requests;

import static dev.countersign.approval.Fixtures.NOW;
import static dev.countersign.approval.edits.CurrentDocument.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.approval.Fixtures;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.requests.RequestJudge.Judgement;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.ToolCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestJudgeTest {
  private final RequestJudge judge = new RequestJudge(Duration.ofHours(24), () -> "p1");

  private static Reading.Ask ask(String command, Long maxWait, Instant appendedAt, String owner) {
    return ask(Fixtures.bash(command), maxWait, appendedAt, owner);
  }

  private static Reading.Ask ask(ToolCall call, Long maxWait, Instant appendedAt, String owner) {
    return new Reading.Ask(
        Fixtures.record(appendedAt),
        new PermissionRequest(null, "s1", "r1", "t1", call, maxWait, null, null),
        new RequestKey("default", "s1", "r1"),
        owner,
        ReplyAddress.byDefault("me"),
        Digest.of(call),
        null);
  }

  private NewRequest stored(Reading.Ask ask, SessionPolicy policy) {
    return assertInstanceOf(Judgement.Store.class, judge.judge(ask, Optional.of(policy), NONE))
        .request();
  }

  private static SessionPolicy allowing(String rule) {
    return Fixtures.policy(Fixtures.settings("default", new RuleSet(List.of(rule), null, null)));
  }

  @Test
  void anAllowedCallIsStoredDecidedUnderItsFence() {
    NewRequest request = stored(ask("make all", null, NOW, "ann"), allowing("Bash(make *)"));
    assertEquals(Effect.ALLOW, request.outcome().effect());
    assertEquals(DecidedBy.RULE, request.outcome().decidedBy());
    assertEquals(Fixtures.FENCE, request.fence());
    assertEquals("default", request.mode());
    assertTrue(request.published());
    assertNull(request.question());
    assertEquals(3, request.sourcePartition());
    assertEquals(42, request.sourceOffset());
  }

  @Test
  void aCallThatWantsAPersonOpensAPrompt() {
    SessionPolicy policy = Fixtures.policy(Fixtures.settings("default", null));
    NewRequest request = stored(ask("make all", 5000L, NOW, "ann"), policy);
    assertNull(request.outcome());
    assertEquals("p1", request.question().promptId());
    assertEquals(NOW.plusSeconds(5), request.question().expiresAt());
    assertEquals(false, request.published());
  }

  private static Reading.Ask onFile(String tool, String path) {
    ObjectNode input = Json.mapper().createObjectNode().put("file_path", path).put("content", "x");
    return ask(new ToolCall(tool, input, "/proj", "/home/ann", null, null), null, NOW, "ann");
  }

  @Test
  void howeverLongWhatIsAskedAboutIsItsOptionsAreShownAndCut() {
    SessionPolicy policy = Fixtures.policy(Fixtures.settings("default", null));
    for (Reading.Ask asked :
        List.of(
            onFile("Write", "/proj/" + "x".repeat(984)),
            ask("git " + "a".repeat(2000) + " x", null, NOW, "ann"))) {
      List<PromptOption> always =
          stored(asked, policy).question().options().stream()
              .filter(option -> option.kind() == PromptOption.Kind.ALLOW_ALWAYS)
              .toList();
      assertEquals(1, always.size());
      assertEquals(1000, always.get(0).label().length());
      assertTrue(always.get(0).label().endsWith("x…") || always.get(0).label().endsWith("a…"));
    }
  }

  @Test
  void howeverLongWhatIsDeniedIsTheReasonIsToldAndCut() {
    NewRequest denied =
        stored(
            onFile("Read", "/etc/" + "x".repeat(4090)),
            Fixtures.policy(Fixtures.settings("dontAsk", null)));
    assertEquals(Effect.DENY, denied.outcome().effect());
    assertEquals(4000, denied.outcome().reason().length());
    assertTrue(denied.outcome().reason().endsWith("x…"), denied.outcome().reason());
  }

  @Test
  void whoseAgentGaveUpAlreadyIsATimeoutWithoutAPrompt() {
    SessionPolicy policy = Fixtures.policy(Fixtures.settings("default", null));
    NewRequest request = stored(ask("make all", 5000L, NOW.minusSeconds(5), "ann"), policy);
    assertEquals(DecidedBy.TIMEOUT, request.outcome().decidedBy());
    assertNull(request.question());
    // What needs no person is decided all the same.
    NewRequest late = stored(ask("make all", 0L, NOW, "ann"), allowing("Bash(make *)"));
    assertEquals(Effect.ALLOW, late.outcome().effect());
  }

  @Test
  void anEndlessWaitIsNoOverflow() {
    SessionPolicy policy = Fixtures.policy(Fixtures.settings("default", null));
    NewRequest request = stored(ask("make all", Long.MAX_VALUE, NOW, "ann"), policy);
    assertTrue(request.question().expiresAt().isAfter(NOW.plusSeconds(3600)));
  }

  @Test
  void onAClosedSessionEverythingIsDenied() {
    NewRequest request = stored(ask("ls", null, NOW, "ann"), Fixtures.closed());
    assertEquals("session_closed", request.outcome().code());
    assertEquals(Effect.DENY, request.outcome().effect());
  }

  @Test
  void underBrokenRulesEverythingIsDenied() {
    NewRequest request = stored(ask("ls", null, NOW, "ann"), Fixtures.broken());
    assertEquals(DecidedBy.SYSTEM, request.outcome().decidedBy());
    assertEquals(Effect.DENY, request.outcome().effect());
  }

  @Test
  void whatCannotBeDecidedIsRefused() {
    assertEquals("unknown_session", refused(ask("ls", null, NOW, "ann"), Optional.empty()));
    Optional<SessionPolicy> policy = Optional.of(allowing("Bash(make *)"));
    assertEquals("not_your_session", refused(ask("ls", null, NOW, "bob"), policy));
    assertEquals(
        "expired", refused(ask("ls", null, NOW.minus(Duration.ofHours(25)), "ann"), policy));
  }

  private String refused(Reading.Ask ask, Optional<SessionPolicy> policy) {
    return assertInstanceOf(Judgement.Refuse.class, judge.judge(ask, policy, NONE)).code();
  }

  @Test
  void aGrantHoldsInItsTurnOnly() {
    var grant =
        new SessionPolicy.LiveGrant(
            "g1",
            "t1",
            "Bash",
            Fixtures.digest("make all"),
            null,
            null,
            false,
            "2026-01-01T11:00:00Z");
    var other =
        new SessionPolicy.LiveGrant(
            "g1",
            "t2",
            "Bash",
            Fixtures.digest("make all"),
            null,
            null,
            false,
            "2026-01-01T11:00:00Z");
    Reading.Ask ask = ask("make all", null, NOW, "ann");
    var settings = Fixtures.settings("default", null);
    assertEquals(
        DecidedBy.GRANT, stored(ask, Fixtures.policy(settings, grant)).outcome().decidedBy());
    assertNull(stored(ask, Fixtures.policy(settings, other)).outcome());
  }

  private List<String> uses(String command, SessionPolicy.LiveGrant... grants) {
    SessionPolicy policy = Fixtures.policy(Fixtures.settings("default", null), grants);
    return assertInstanceOf(
            Judgement.Store.class,
            judge.judge(ask(command, null, NOW, "ann"), Optional.of(policy), NONE))
        .uses();
  }

  @Test
  void aCountedGrantIsUsedOnlyWhereNothingElseAllows() {
    var five =
        new SessionPolicy.LiveGrant(
            "five", null, "Bash", null, null, 5, false, "2026-01-01T11:00:00Z");
    var free =
        new SessionPolicy.LiveGrant(
            "free", null, "Bash", null, "make *", null, false, "2026-01-01T11:00:00Z");
    assertEquals(List.of("five"), uses("make all", five));
    assertEquals(List.of(), uses("make all", free, five));
    assertEquals(List.of("five"), uses("make all && npm test", free, five));
    assertEquals(List.of(), uses("ls", five), "the mode allows it");
  }

  @Test
  void aClaimedModeOnlyLowers() {
    Reading.Ask ask = ask("make all", null, NOW, "ann");
    Reading.Ask claiming =
        new Reading.Ask(
            ask.record(),
            ask.request(),
            ask.key(),
            "ann",
            ask.address(),
            ask.digest(),
            PermissionMode.BYPASS_PERMISSIONS);
    SessionPolicy policy = Fixtures.policy(Fixtures.settings("default", null));
    assertNull(stored(claiming, policy).outcome());
  }
}
