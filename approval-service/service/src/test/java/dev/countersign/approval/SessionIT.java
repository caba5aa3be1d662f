package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.SessionView;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sessions over Kafka: who may start, set and close what. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SessionIT {
  private final World world = World.get();

  private SessionReply start(SessionSettings settings, String... roles) {
    return world.start(id("s"), null, settings, World.OWNER, Map.of(), roles);
  }

  @Test
  void startsWithinTheSendersCeiling() {
    SessionView lowered = start(mode("bypassPermissions"), "approver").session();
    assertEquals("auto", lowered.permissionMode());
    assertTrue(lowered.warnings().get(0).contains("lowered"), lowered.warnings().toString());
    SessionView full = start(mode("bypassPermissions"), "bypass").session();
    assertEquals("bypassPermissions", full.permissionMode());
    assertEquals("full_access", full.profile());
    assertEquals("never_ask", full.approvalPolicy());
    assertEquals("fleet_preferred", full.executionPolicy());
  }

  @Test
  void wrongWordsAreRefusedWithTheRightOnes() {
    SessionReply wrongCase = start(mode("bypasspermissions"), "bypass");
    assertFalse(wrongCase.ok());
    assertEquals("invalid_setting", wrongCase.code());
    assertEquals("permissionMode", wrongCase.field());
    assertTrue(wrongCase.detail().contains("bypassPermissions"), wrongCase.detail());
    SessionReply badRule =
        start(
            new SessionSettings(
                "default",
                null,
                null,
                null,
                null,
                null,
                null,
                new RuleSet(List.of("Bash(unclosed"), null, null),
                null,
                null,
                null));
    assertEquals("invalid_setting", badRule.code());
    assertTrue(badRule.detail().contains("Bash(unclosed"), badRule.detail());
  }

  @Test
  void theSameStartTwiceIsOneSession() {
    String id = id("s");
    SessionCommand command =
        new SessionCommand(
            null, id("c"), id, SessionCommand.Action.START, null, null, mode("plan"), null);
    SessionReply first = world.command(command, World.OWNER, Map.of());
    SessionReply again = world.command(command, World.OWNER, Map.of());
    assertEquals(first, again);
    SessionReply another = world.start(id, null, mode("auto"), World.OWNER, Map.of());
    assertTrue(another.ok());
    assertEquals("plan", another.session().permissionMode());
    assertEquals("session_exists", world.start(id, null, mode("plan"), "bob", Map.of()).code());
  }

  @Test
  void setNeedsOwnershipAndEntitlement() {
    String id = world.session(mode("default"));
    SessionReply wide = world.set(id, mode("bypassPermissions"), "approver");
    assertEquals("not_entitled", wide.code());
    assertTrue(world.set(id, mode("bypassPermissions"), "bypass").ok());
    SessionCommand foreign =
        new SessionCommand(
            null, id("c"), id, SessionCommand.Action.SET, null, null, mode("plan"), null);
    assertEquals("not_yours", world.command(foreign, "bob", Map.of()).code());
    assertTrue(world.command(foreign(id), "boss", Map.of(), "admin").ok());
    SessionCommand agent =
        new SessionCommand(
            null, id("c"), id, SessionCommand.Action.SET, null, null, mode("plan"), null);
    assertEquals(
        "not_yours", world.command(agent, World.OWNER, Map.of("acting_session", id)).code());
  }

  private static SessionCommand foreign(String id) {
    return new SessionCommand(
        null, id("c"), id, SessionCommand.Action.SET, null, null, mode("plan"), null);
  }

  @Test
  void anAgentOpensOnlyChildrenAndNoWiderOnes() {
    String parent = world.session(mode("acceptEdits"));
    Map<String, String> acting = Map.of("acting_session", parent);
    SessionReply root = world.start(id("s"), null, mode("default"), World.OWNER, acting);
    assertEquals("not_entitled", root.code());
    SessionReply child = world.start(id("s"), parent, mode("auto"), World.OWNER, acting);
    assertEquals("acceptEdits", child.session().permissionMode());
    assertEquals(World.OWNER, child.session().owner());
    String stranger = world.session(mode("default"));
    SessionReply sibling = world.start(id("s"), stranger, mode("plan"), World.OWNER, acting);
    assertEquals("not_yours", sibling.code());
  }

  @Test
  void aParentsTighteningReachesItsChildren() {
    String parent = world.session(mode("acceptEdits"));
    SessionReply child = world.start(id("s"), parent, mode("acceptEdits"), World.OWNER, Map.of());
    String id = child.session().sessionId();
    var edit = World.call("Write", Map.of("file_path", "/proj/a.txt", "content", "x"));
    assertEquals(Effect.ALLOW, world.decision(id, edit).effect());
    assertTrue(world.set(parent, mode("plan")).ok());
    PermissionReply denied = world.decision(id, edit);
    assertEquals(Effect.DENY, denied.effect(), denied.reason());
    assertEquals(DecidedBy.MODE, denied.decidedBy());
    assertTrue(world.close(parent).ok());
    assertEquals("session_closed", world.decision(id, bash("ls")).code());
  }

  @Test
  void aCloseThatOvertakesItsStartIsFinal() {
    String id = id("s");
    SessionReply closed = world.close(id);
    assertTrue(closed.ok());
    assertNotNull(closed.session().closedAt());
    assertEquals(
        "session_closed", world.start(id, null, mode("default"), World.OWNER, Map.of()).code());
  }

  @Test
  void theEngineIsStartedWithExactlyOnePermissionFlag() {
    Engine engine =
        new Engine(
            "claude-code",
            "acceptEdits",
            List.of("Read", "Bash"),
            List.of(
                "-p",
                "hi",
                "--permission-mode=bypassPermissions",
                "--dangerously-skip-permissions",
                "--allowedTools",
                "Bash"));
    SessionSettings settings =
        new SessionSettings(null, null, null, null, null, null, null, null, null, null, engine);
    SessionView view = start(settings).session();
    assertEquals("engine", view.modeSource());
    assertEquals(List.of("--permission-mode", "acceptEdits", "-p", "hi"), view.engineArgs());
    assertEquals(3, view.warnings().size(), view.warnings().toString());
  }

  @Test
  void bypassAllowsByModeUnlessARuleDenies() {
    SessionSettings settings =
        new SessionSettings(
            "bypassPermissions",
            null,
            null,
            null,
            null,
            List.of("/proj"),
            null,
            new RuleSet(null, List.of("Bash(git push *)"), List.of("Bash(curl *)")),
            null,
            null,
            null);
    String id = world.session(settings, "bypass");
    assertEquals(DecidedBy.MODE, world.decision(id, bash("make all")).decidedBy());
    assertEquals(DecidedBy.MODE, world.decision(id, bash("git push origin main")).decidedBy());
    assertEquals(Effect.DENY, world.decision(id, bash("curl x.example")).effect());
  }
}
