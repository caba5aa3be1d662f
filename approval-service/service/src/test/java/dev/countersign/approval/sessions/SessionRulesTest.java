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

class SessionRulesTest {
  private static final Sender ANN = new Sender("ann", List.of("approver"), null);
  private static final Sender BYPASSER = new Sender("ann", List.of("bypass"), null);
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
  void wordsAreMatchedExactly() {
    for (String mode : List.of("Default", "bypass", "YOLO", "", "accept_edits")) {
      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> started(BYPASSER, Fixtures.settings(mode, null)));
      assertEquals("permissionMode", refused.field());
      assertTrue(refused.getMessage().contains("acceptEdits"), refused.getMessage());
    }
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
    assertEquals(
        "engine_tools", source(engine(null, List.of("Read", "Grep")), null, Optional.of("auto")));
    assertEquals(
        "deployment", source(engine(null, List.of("Read", "Bash")), null, Optional.of("auto")));
    assertEquals(
        "engine_tools",
        source(engine(null, List.of("Read", "bash: [\"*\"]")), null, Optional.empty()));
    assertEquals("default", source(null, null, Optional.empty()));
  }

  private static Engine engine(String mode, List<String> tools) {
    return new Engine("gemini-cli", mode, tools, List.of());
  }

  private static String source(Engine engine, String mode, Optional<String> deployment) {
    SessionSettings settings =
        new SessionSettings(mode, null, null, null, null, null, null, null, null, null, engine);
    return SessionRules.start(start(null, null, settings), ANN, Optional.empty(), deployment)
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
  void smuggledFlagsAreRemovedForEveryEngine() {
    assertEquals(
        List.of("exec", "-c", "model=x"),
        launch(
            "codex",
            "exec",
            "--yolo",
            "-c",
            "approval_policy=never",
            "-c",
            "model=x",
            "-s",
            "danger"));
    assertEquals(
        List.of("-p", "hi"), launch("gemini-cli", "-p", "hi", "-y", "--approval-mode=yolo"));
    assertEquals(
        List.of("--model", "m", "--permission-mode", "default"),
        launch("claude-code", "--settings", "{}", "--model", "m", "--permission-prompt-tool", "t"));
  }

  private static List<String> launch(String engine, String... args) {
    SessionSettings settings =
        new SessionSettings(
            "default",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new Engine(engine, null, List.of(), List.of(args)));
    return started(ANN, settings).engineArgs();
  }
}
