package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.sessions.SessionStore;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.SessionView;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sessions over Kafka: who may start, set and close what. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SessionIT {
  private final World world = World.get();
  @Inject SessionStore store;
  @Inject Database database;

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

  private static SessionCommand command(
      String key, String session, SessionCommand.Action action, String parent, String mode) {
    return new SessionCommand(
        null, key, session, action, null, parent, mode == null ? null : mode(mode), null);
  }

  @Test
  void aReusedCommandIdNeverHandsOverAnothersSession() {
    String theirs = id("s");
    String key = id("key");
    SessionCommand first =
        command(key, theirs, SessionCommand.Action.START, null, "bypassPermissions");
    assertTrue(world.command(first, "boss", Map.of(), "admin", "bypass").ok());
    String own = world.session(mode("plan"));
    Map<String, String> agent = Map.of("acting_session", own);

    SessionReply same = world.command(first, World.OWNER, agent);
    assertEquals("session_exists", same.code());
    assertNull(same.session());
    String child = id("s");
    String second = world.session(mode("plan"));
    SessionCommand below = command(key, child, SessionCommand.Action.START, second, "plan");
    Map<String, String> another = Map.of("acting_session", second);
    assertEquals(child, world.command(below, World.OWNER, another).session().sessionId());
    assertEquals("session_exists", world.command(first, World.OWNER, Map.of()).code());
    assertEquals(
        "session_exists", world.command(first, "boss", Map.of("acting_session", own)).code());
    // Whose roles are others is not answered with what they once led to.
    assertEquals("command_id_reused", world.command(first, "boss", Map.of()).code());
  }

  @Test
  void anIdStandsForOneCommandOfItsSender() {
    String id = world.session(mode("default"));
    String key = id("key");
    SessionCommand plan = command(key, id, SessionCommand.Action.SET, null, "plan");
    SessionReply set = world.command(plan, World.OWNER, Map.of());
    assertTrue(set.ok());
    SessionReply closed =
        world.command(
            command(key, id, SessionCommand.Action.CLOSE, null, null), World.OWNER, Map.of());
    assertEquals("command_id_reused", closed.code());
    assertEquals("commandId", closed.field());
    assertEquals(set, world.command(plan, World.OWNER, Map.of()));
    assertTrue(world.close(id).ok());
  }

  @Test
  void anAgentStartsNothingThatExistsOutsideItsOwnSession() {
    String root = world.session(mode("bypassPermissions"), "bypass");
    String plan = id("s");
    String sibling = id("s");
    assertTrue(world.start(plan, root, mode("plan"), World.OWNER, Map.of()).ok());
    assertTrue(
        world
            .start(sibling, root, mode("bypassPermissions"), World.OWNER, Map.of(), "bypass")
            .ok());
    String otherRoot = world.session(mode("default"));
    String otherChild = id("s");
    assertTrue(world.start(otherChild, otherRoot, mode("default"), World.OWNER, Map.of()).ok());
    Map<String, String> agent = Map.of("acting_session", plan);
    for (String[] target :
        new String[][] {
          {sibling, root}, {otherChild, otherRoot}, {plan, root}, {root, null}, {sibling, plan}
        }) {
      SessionReply reply = world.start(target[0], target[1], mode("plan"), World.OWNER, agent);
      assertFalse(reply.ok(), target[0]);
      assertNull(reply.session(), target[0]);
    }
    String own = id("s");
    assertTrue(world.start(own, plan, mode("plan"), World.OWNER, agent).ok());
    assertTrue(world.start(own, plan, mode("plan"), World.OWNER, agent).ok());
  }

  @Test
  void nobodyClosesASessionThatDoesNotExistInAnothersName() {
    String id = id("s");
    SessionCommand inHerName =
        new SessionCommand(
            null, id("c"), id, SessionCommand.Action.CLOSE, World.OWNER, null, null, null);
    assertEquals("not_entitled", world.command(inHerName, "bob", Map.of()).code());
    assertTrue(
        world
            .command(command(id("c"), id, SessionCommand.Action.CLOSE, null, null), "bob", Map.of())
            .ok());
    SessionReply started = world.start(id, null, mode("plan"), World.OWNER, Map.of());
    assertTrue(started.ok(), started.detail());
    assertEquals(2, started.session().version());
    assertEquals("plan", started.session().permissionMode());
    assertEquals("session_exists", world.start(id, null, mode("plan"), "bob", Map.of()).code());

    String hers = id("s");
    assertTrue(world.close(hers).ok());
    assertEquals(
        "not_entitled",
        world.start(hers, null, mode("plan"), "bob", Map.of("acting_session", id)).code());
    assertEquals(
        "session_closed", world.start(hers, null, mode("plan"), World.OWNER, Map.of()).code());
    String byAdmin = id("s");
    SessionCommand admins = command(id("c"), byAdmin, SessionCommand.Action.CLOSE, null, null);
    assertTrue(world.command(admins, "boss", Map.of(), "admin").ok());
    assertFalse(world.start(byAdmin, null, mode("plan"), World.OWNER, Map.of()).ok());
  }

  @Test
  void withoutTheRoleApproverNobodyStartsSetsOrAnswers() {
    String id = world.session(mode("default"));
    SessionCommand start = command(id("c"), id("s"), SessionCommand.Action.START, null, "plan");
    assertEquals("not_entitled", world.exactly(start, World.OWNER, Map.of(), List.of()).code());
    SessionCommand again = command(id("c"), id, SessionCommand.Action.START, null, "default");
    assertEquals(
        "not_entitled", world.exactly(again, World.OWNER, Map.of(), List.of("bypass")).code());
    SessionCommand set = command(id("c"), id, SessionCommand.Action.SET, null, "plan");
    assertEquals("not_entitled", world.exactly(set, World.OWNER, Map.of(), List.of()).code());
    PromptState prompt = world.prompt(world.ask(id, bash("git push origin main")));
    PermissionAnswer answer =
        new PermissionAnswer(
            null, prompt.promptId(), id("a"), "allow_once", prompt.digest(), null, null);
    world.sendExactly(answer, World.OWNER, Map.of(), "bypass");
    assertEquals("not_entitled", world.answerReply(answer.answerId()).code());
    assertEquals(AnswerReply.Outcome.ACCEPTED, world.answer(prompt, "allow_once").outcome());
    SessionCommand close = command(id("c"), id, SessionCommand.Action.CLOSE, null, null);
    assertTrue(world.exactly(close, World.OWNER, Map.of(), List.of()).ok());
  }

  @Test
  void aModeChangeLeavesClosedChildrenAlone() {
    String parent = world.session(mode("default"));
    String closed = id("s");
    String open = id("s");
    assertTrue(world.start(closed, parent, mode("default"), World.OWNER, Map.of()).ok());
    assertTrue(world.start(open, parent, mode("default"), World.OWNER, Map.of()).ok());
    Instant end = world.close(closed).session().closedAt();
    long before = version(closed);
    assertTrue(world.set(parent, mode("plan")).ok());
    assertEquals(before, version(closed));
    assertEquals(2, version(open));
    assertTrue(world.close(parent).ok());
    assertEquals(before, version(closed));
    assertEquals(end, store.find(new SessionKey("default", closed)).orElseThrow().closedAt());
    assertTrue(store.find(new SessionKey("default", open)).orElseThrow().closed());
  }

  /** However many there are: they are the history of a session. */
  @Test
  void aChangeOfASessionUpdatesNoMoreRowsTheMoreChildrenWereClosed() {
    String parent = world.session(mode("default"));
    String closed = id("s");
    assertTrue(world.start(closed, parent, mode("default"), World.OWNER, Map.of()).ok());
    assertTrue(world.start(id("s"), parent, mode("default"), World.OWNER, Map.of()).ok());
    assertTrue(world.close(closed).ok());
    long few = updatedByAChange(parent);
    Hold.run(
        "INSERT INTO session (tenant, id, owner, parent, path, settings, mode_source, warnings,"
            + " version, closed_at) SELECT tenant, id || '-' || i, owner, parent, path, settings,"
            + " mode_source, warnings, version, closed_at FROM session, generate_series(1, 500) i"
            + " WHERE id = '"
            + closed
            + "'");
    assertEquals(3, few, "the session twice and its open child");
    assertEquals(few, updatedByAChange(parent));
  }

  private long updatedByAChange(String session) {
    return database.transaction(
        connection -> {
          long before = updated(connection);
          store.update(
              connection, store.lock(connection, new SessionKey("default", session)).orElseThrow());
          return updated(connection) - before;
        });
  }

  /** How many rows of sessions this connection has updated of late. */
  private static long updated(SqlConnection connection) {
    String sql = "SELECT pg_stat_get_xact_tuples_updated('session'::regclass)";
    return Database.query(connection, sql, Tuple.tuple()).get(0).getLong(0);
  }

  private long version(String session) {
    return store.find(new SessionKey("default", session)).orElseThrow().version();
  }

  @Test
  void unknownKeysInSettingsAreRefusedOverKafkaWithTheRightOne() {
    for (String[] wrong :
        new String[][] {
          {"{\"permission_mode\":\"plan\"}", "permission_mode", "is written permissionMode"},
          {
            "{\"initial_permission_mode\":\"plan\"}",
            "initial_permission_mode",
            "is written permissionMode"
          },
          {"{\"overlay\":{\"forbid\":[\"Bash\"]}}", "overlay.forbid", "allow, ask, deny"}
        }) {
      SessionCommand command = command(id("c"), id("s"), SessionCommand.Action.START, null, "plan");
      ObjectNode json = (ObjectNode) Json.readTree(Json.write(command));
      json.set("settings", Json.readTree(wrong[0].getBytes(StandardCharsets.UTF_8)));
      SessionReply reply = world.raw(command, Json.write(json), World.OWNER, List.of("approver"));
      assertEquals("invalid_setting", reply.code());
      assertEquals(wrong[1], reply.field());
      assertTrue(reply.detail().contains(wrong[2]), reply.detail());
    }
  }

  @Test
  void anUnknownEngineWarnsWithoutArgumentsToo() {
    Engine engine = new Engine("mystery", null, null, null);
    SessionSettings settings =
        new SessionSettings(null, null, null, null, null, null, null, null, null, null, engine);
    assertTrue(start(settings).session().warnings().get(0).contains("mystery is not known"));
  }
}
