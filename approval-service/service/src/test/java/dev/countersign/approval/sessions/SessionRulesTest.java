package dev.countersign.approval.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.Fixtures;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionRulesTest {
  private static final Sender ANN = new Sender("ann", List.of("approver"), null);
  private static final Sender BYPASSER = new Sender("ann", List.of("approver", "bypass"), null);
  private static final Sender ADMIN = new Sender("boss", List.of("admin"), null);

  private static SessionCommand start(String owner, String parent, SessionSettings settings) {
    return new SessionCommand(
        null, "c1", "s1", SessionCommand.Action.START, owner, parent, settings, null);
  }

  private static StoredSession started(Sender sender, SessionSettings settings) {
    return SessionRules.start(
        start(null, null, settings), sender, Optional.empty(), Optional.empty());
  }

  private static SessionSettings wide() {
    return new SessionSettings(
        "bypassPermissions",
        "external_sandbox",
        "never_ask",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void whatIsTooWideIsLoweredAtTheStart() {
    StoredSession session = started(ANN, wide());
    assertEquals("auto", session.settings().permissionMode());
    assertEquals(null, session.settings().profile());
    assertEquals(null, session.settings().approvalPolicy());
    assertEquals(3, session.warnings().size());
    StoredSession entitled = started(BYPASSER, wide());
    assertEquals("external_sandbox", entitled.settings().profile());
    assertTrue(entitled.warnings().isEmpty(), entitled.warnings().toString());
  }

  @Test
  void whatIsTooWideIsRefusedLater() {
    StoredSession session = started(ANN, Fixtures.settings("default", null));
    for (SessionSettings change :
        List.of(
            new SessionSettings(
                "bypassPermissions", null, null, null, null, null, null, null, null, null, null),
            new SessionSettings(
                null, "full_access", null, null, null, null, null, null, null, null, null),
            new SessionSettings(
                null, null, "never_ask", null, null, null, null, null, null, null, null))) {
      SessionCommand command =
          new SessionCommand(null, "c2", "s1", SessionCommand.Action.SET, null, null, change, null);
      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> SessionRules.set(session, command, ANN, List.of()));
      assertEquals("not_entitled", refused.code());
      SessionRules.set(session, command, BYPASSER, List.of());
    }
  }

  private static SessionSettings asking(String mode, String policy) {
    return new SessionSettings(mode, null, policy, null, null, null, null, null, null, null, null);
  }

  @ParameterizedTest
  @CsvSource({"ask_on_boundary", "approve_trusted", "block_requires_approval"})
  void anApprovalPolicyBesideBypassPermissionsIsRefusedHoweverItGetsThere(String policy) {
    refusedPolicy(() -> started(BYPASSER, asking("bypassPermissions", policy)));
    StoredSession asks = started(BYPASSER, asking("default", policy));
    refusedPolicy(() -> set(asks, asking("bypassPermissions", null)));
    StoredSession asksNothing = started(BYPASSER, asking("bypassPermissions", null));
    refusedPolicy(() -> set(asksNothing, asking(null, policy)));
    Engine engine = engine(null, List.of("Bash"));
    SessionSettings byItsTools =
        new SessionSettings(null, null, policy, null, null, null, null, null, null, null, engine);
    refusedPolicy(() -> started(BYPASSER, byItsTools));
    assertEquals(
        policy, started(ANN, asking("bypassPermissions", policy)).settings().approvalPolicy());
    set(asks, asking("bypassPermissions", "never_ask"));
    set(asks, asking("auto", null));
  }

  private static StoredSession set(StoredSession session, SessionSettings change) {
    SessionCommand command =
        new SessionCommand(null, "c2", "s1", SessionCommand.Action.SET, null, null, change, null);
    return SessionRules.set(session, command, BYPASSER, List.of());
  }

  private static void refusedPolicy(Executable command) {
    RefusedException refused = assertThrows(RefusedException.class, command);
    assertEquals("invalid_setting", refused.code());
    assertEquals("approvalPolicy", refused.field());
  }

  @Test
  void whatIsNotNamedStaysAsItIs() {
    StoredSession session =
        started(ANN, Fixtures.settings("default", new RuleSet(List.of("Bash(ls)"), null, null)));
    SessionSettings change =
        new SessionSettings("plan", null, null, null, null, null, null, null, null, null, null);
    StoredSession changed =
        SessionRules.set(
            session,
            new SessionCommand(
                null, "c2", "s1", SessionCommand.Action.SET, null, null, change, null),
            ANN,
            List.of());
    assertEquals("plan", changed.settings().permissionMode());
    assertEquals(session.settings().project(), changed.settings().project());
    assertEquals(List.of("/proj"), changed.settings().workspaceRoots());
    assertEquals("session", changed.modeSource());
  }

  @Test
  void onlyAnAdminStartsForSomeoneElse() {
    SessionCommand forBob = start("bob", null, Fixtures.settings("default", null));
    assertThrows(
        RefusedException.class,
        () -> SessionRules.start(forBob, ANN, Optional.empty(), Optional.empty()));
    assertEquals(
        "bob", SessionRules.start(forBob, ADMIN, Optional.empty(), Optional.empty()).owner());
  }

  @Test
  void theModeComesFromTheFirstThatNamesOne() {
    assertEquals("session", source(engine("plan", List.of()), "default", Optional.of("auto")));
    assertEquals("engine", source(engine("plan", List.of()), null, Optional.of("auto")));
    assertEquals("engine_tools", source(engine(null, List.of("Read")), null, Optional.of("auto")));
    assertEquals("deployment", source(engine(null, null), null, Optional.of("auto")));
    assertEquals("default", source(engine(null, null), null, Optional.empty()));
    assertEquals("default", source(null, null, Optional.empty()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "Bash                 | -               | bypassPermissions",
        "bash                 | -               | bypassPermissions",
        "BASH(*)              | -               | bypassPermissions",
        "Read;Bash(:*)        | -               | bypassPermissions",
        "Bash(git *);bash     | Bash(git *)     | bypassPermissions",
        "Bash(git *)          | -               | acceptEdits",
        "Bash(npm run *);Read | -               | acceptEdits",
        "Bashful;Bash(*;(*)   | -               | acceptEdits",
        "Bash(* *);Bash(**)   | -               | acceptEdits",
        "Read;Grep            | -               | acceptEdits",
        "Read;bash(*)         | bash(*)         | acceptEdits",
        "Read;Bash            | bash(:*)        | acceptEdits",
        "bash(*)              | bash(*);web(*)  | acceptEdits",
      })
  void toolsSuggestAMode(String tools, String injected, String mode) {
    Engine engine = new Engine("claude-code", null, split(tools), split(injected), null);
    StoredSession session = started(BYPASSER, with(engine, null));
    assertEquals(mode, session.settings().permissionMode());
    assertEquals("engine_tools", session.modeSource());
    assertEquals(List.of(), session.warnings());
  }

  private static List<String> split(String list) {
    return list == null ? null : List.of(list.split(";"));
  }

  @Test
  void whateverItComesFromTheOwnerMustBeEntitledToIt() {
    for (Engine engine :
        List.of(engine("bypassPermissions", null), engine(null, List.of("Bash")))) {
      StoredSession session = started(ANN, with(engine, null));
      assertEquals("auto", session.settings().permissionMode());
      assertEquals(
          List.of(
              "permissionMode was lowered from bypassPermissions to auto: more needs a wider role"),
          session.warnings());
      StoredSession child = opened(parent("acceptEdits"), with(engine, null));
      assertEquals("acceptEdits", child.settings().permissionMode());
      assertEquals(1, child.warnings().size(), child.warnings().toString());
      assertEquals(
          "bypassPermissions", started(BYPASSER, with(engine, null)).settings().permissionMode());
    }
  }

  @Test
  void anEngineCanBeChangedLater() {
    StoredSession session = started(ANN, with(engine(null, List.of("Read")), null));
    StoredSession planning = changed(session, engine("plan", null), ANN);
    assertEquals("plan", planning.settings().permissionMode());
    assertEquals("engine", planning.modeSource());
    assertEquals(List.of("Read"), planning.settings().engine().tools());
    assertEquals(List.of("--approval-mode=plan"), args(planning));
    Engine args = new Engine(null, null, null, List.of("-m", "x", "--yolo"));
    StoredSession again = changed(planning, args, ANN);
    assertEquals("plan", again.settings().permissionMode());
    assertEquals(List.of("--approval-mode=plan", "-m", "x"), args(again));
    assertEquals(1, again.warnings().size(), again.warnings().toString());
    RefusedException refused =
        assertThrows(
            RefusedException.class, () -> changed(session, engine("bypassPermissions", null), ANN));
    assertEquals("not_entitled", refused.code());
    assertEquals("engine.permissionMode", refused.field());
  }

  @Test
  void theSessionsOwnWordStaysAboveALaterEngine() {
    StoredSession session = started(ANN, with(engine(null, null), "plan"));
    StoredSession changed = changed(session, engine("auto", null), ANN);
    assertEquals("plan", changed.settings().permissionMode());
    assertEquals("session", changed.modeSource());
  }

  private static StoredSession changed(StoredSession session, Engine engine, Sender sender) {
    SessionCommand command =
        new SessionCommand(
            null, "c2", "s1", SessionCommand.Action.SET, null, null, with(engine, null), null);
    return SessionRules.set(session, command, sender, List.of());
  }

  private static List<String> args(StoredSession session) {
    return SessionViews.of(session, List.of(), Map.of()).engineArgs();
  }

  private static Engine engine(String mode, List<String> tools) {
    return new Engine("gemini-cli", mode, tools, List.of());
  }

  private static SessionSettings with(Engine engine, String mode) {
    return new SessionSettings(mode, null, null, null, null, null, null, null, null, null, engine);
  }

  private static String source(Engine engine, String mode, Optional<String> deployment) {
    return SessionRules.start(
            start(null, null, with(engine, mode)), ANN, Optional.empty(), deployment)
        .modeSource();
  }

  @Test
  void aChildIsNeverWiderThanItsParents() {
    StoredSession root = started(BYPASSER, Fixtures.settings("acceptEdits", null));
    StoredSession parent =
        new StoredSession(
            new SessionKey("default", "p"),
            "ann",
            null,
            List.of(),
            root.settings(),
            "session",
            List.of(),
            1,
            Instant.EPOCH,
            null);
    StoredSession child =
        SessionRules.start(
            start(null, "p", Fixtures.settings("bypassPermissions", null)),
            BYPASSER,
            Optional.of(new SessionRules.Parent(parent, List.of())),
            Optional.empty());
    assertEquals("bypassPermissions", child.settings().permissionMode());
    assertEquals(List.of("p"), child.path());
    assertEquals("acceptEdits", SessionViews.of(child, List.of(parent), Map.of()).permissionMode());
    assertTrue(child.isWithin("p"));
    assertFalse(child.isWithin("other"));
  }

  @Test
  void anActingSessionGivesNoAuthorityOverAnotherOwners() {
    StoredSession bobs = ownedBy("bob", "bob-root", List.of());
    StoredSession below = ownedBy("bob", "bob-child", List.of("bob-root"));
    Sender posing = new Sender("alice", List.of(), "bob-root");
    SessionCommand again =
        new SessionCommand(
            null,
            "c",
            "bob-child",
            SessionCommand.Action.START,
            null,
            "bob-root",
            SessionSettings.none(),
            null);
    assertFalse(SessionRules.sameAs(below, again, posing));
    assertTrue(SessionRules.sameAs(below, again, new Sender("bob", List.of(), "bob-root")));
    for (StoredSession session : List.of(bobs, below)) {
      assertEquals(
          "not_yours",
          assertThrows(RefusedException.class, () -> SessionRules.close(session, posing)).code());
      SessionRules.close(session, new Sender("bob", List.of(), "bob-root"));
    }
    Optional<SessionRules.Parent> parent = Optional.of(new SessionRules.Parent(bobs, List.of()));
    SessionCommand child = start(null, "bob-root", SessionSettings.none());
    assertEquals(
        "not_yours",
        assertThrows(
                RefusedException.class,
                () -> SessionRules.start(child, posing, parent, Optional.empty()))
            .code());
  }

  private static StoredSession ownedBy(String owner, String id, List<String> path) {
    return new StoredSession(
        new SessionKey("default", id),
        owner,
        path.isEmpty() ? null : path.get(path.size() - 1),
        path,
        started(ANN, Fixtures.settings("default", null)).settings(),
        "session",
        List.of(),
        1,
        Instant.EPOCH,
        null);
  }

  private static final Sender AGENT = new Sender("ann", List.of(), "p");

  private static StoredSession parent(String mode) {
    return new StoredSession(
        new SessionKey("default", "p"),
        "ann",
        null,
        List.of(),
        started(BYPASSER, Fixtures.settings(mode, null)).settings(),
        "session",
        List.of(),
        1,
        Instant.EPOCH,
        null);
  }

  private static StoredSession opened(StoredSession parent, SessionSettings settings) {
    return SessionRules.start(
        start(null, "p", settings),
        AGENT,
        Optional.of(new SessionRules.Parent(parent, List.of())),
        Optional.empty());
  }

  @Test
  void anAgentsChildHoldsNothingThatWidens() {
    RuleSet rules = new RuleSet(List.of("Bash(*)"), List.of("Read"), List.of("Edit"));
    SessionSettings wanted =
        new SessionSettings(
            "bypassPermissions", null, null, null, null, null, rules, rules, rules, "/etc/x", null);
    StoredSession child = opened(parent("acceptEdits"), wanted);
    RuleSet kept = new RuleSet(List.of(), List.of("Read"), List.of("Edit"));
    assertEquals(kept, child.settings().overlay());
    assertEquals(kept, child.settings().project());
    assertEquals(kept, child.settings().session());
    assertEquals(null, child.settings().planFile());
    assertEquals("acceptEdits", child.settings().permissionMode());
    assertEquals(5, child.warnings().size(), child.warnings().toString());
  }

  @Test
  void anAgentsChildWithoutAModeFollowsItsParent() {
    SessionSettings nothing = SessionSettings.none();
    StoredSession child = opened(parent("plan"), nothing);
    assertEquals("parent", child.modeSource());
    assertEquals(List.of(), child.warnings());
    for (String mode : List.of("plan", "default", "bypassPermissions")) {
      assertEquals(mode, SessionViews.of(child, List.of(parent(mode)), Map.of()).permissionMode());
    }
  }

  @Test
  void anEngineIsToldWhatItMayInTheEnd() {
    Engine engine = new Engine("claude-code", "auto", null, List.of("-p", "hi", "--bare"));
    StoredSession child = opened(parent("acceptEdits"), with(engine, null));
    assertEquals(2, child.warnings().size(), child.warnings().toString());
    for (String mode : List.of("plan", "default", "acceptEdits")) {
      assertEquals(
          List.of("--permission-mode", mode, "-p", "hi"),
          SessionViews.of(child, List.of(parent(mode)), Map.of()).engineArgs());
    }
  }
}
