package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * No agent opens sessions without limit, and what its runs left behind does not use the limit up.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class OpenSessionsIT {
  private static final int BELOW_PARENT = 500;
  private static final int BELOW_ROOT = 1_000;

  private final World world = World.get();
  private final String root = world.session(mode("default"));

  /** Stores open sessions of an agent below the root, as its runs leave them. */
  private void open(String prefix, int many, String parent, String source, String age) {
    String path =
        parent.equals(root) ? "'%s'".formatted(root) : "'%s', '%s'".formatted(root, parent);
    Hold.run(
        """
        INSERT INTO session (tenant, id, owner, parent, path, settings, mode_source, version,
          created_at)
        SELECT 'default', '%s-%s-' || n, '%s', '%s', ARRAY[%s],
          '{"permissionMode":"default"}', '%s', 1, clock_timestamp() - interval '%s'
        FROM generate_series(1, %d) n
        """
            .formatted(root, prefix, World.OWNER, parent, path, source, age, many));
  }

  private SessionReply startBelow(String parent) {
    return world.start(
        id("s"), parent, SessionSettings.none(), World.OWNER, Map.of("acting_session", root));
  }

  private void refusedBelow(String parent, String says) {
    SessionReply reply = startBelow(parent);
    assertEquals("too_many_sessions", reply.code());
    assertEquals("parentSessionId", reply.field());
    assertTrue(reply.detail().contains(says), reply.detail());
  }

  private boolean closed(String session) {
    return Hold.number(
            "SELECT count(*) FROM session WHERE closed_at IS NOT NULL AND id = '" + session + "'")
        == 1;
  }

  @Test
  void aParentHasOnlySoManyOpenChildren() {
    open("fresh", BELOW_PARENT, root, "parent", "1 hour");
    refusedBelow(root, root + ", which has " + BELOW_PARENT);
    SessionReply persons = world.start(id("s"), root, mode("default"), World.OWNER, Map.of());
    assertEquals("too_many_sessions", persons.code());
    assertTrue(world.close(root + "-fresh-1").ok());
    assertTrue(startBelow(root).ok());
    refusedBelow(root, root);
    assertTrue(startBelow(root + "-fresh-2").ok());
  }

  @Test
  void aRootHasOnlySoManyOpenSessionsBelowItHoweverTheyAreNested() {
    open("idle", 1, root, "parent", "3 days");
    open("a", BELOW_PARENT - 1, root, "parent", "1 hour");
    open("b", BELOW_ROOT - BELOW_PARENT, root + "-a-1", "parent", "1 hour");
    refusedBelow(root + "-idle-1", root + ", which has " + BELOW_ROOT);
    assertFalse(closed(root + "-idle-1"), "the parent itself makes no room");
    assertTrue(startBelow(root + "-a-2").ok());
    assertTrue(closed(root + "-idle-1"));
    refusedBelow(root + "-a-3", root + ", which has " + BELOW_ROOT);
  }

  /** Nothing of a start that is refused stays. */
  @Test
  void aRefusedStartLeavesTheSessionThatWasClosedBeforeIt() {
    String session = id("s");
    SessionCommand close =
        new SessionCommand(
            null, id("c"), session, SessionCommand.Action.CLOSE, null, null, null, null);
    assertTrue(world.command(close, "carl", Map.of()).ok());
    open("full", BELOW_PARENT, root, "parent", "1 hour");
    Map<String, String> agent = Map.of("acting_session", root);
    SessionReply refused = world.start(session, root, SessionSettings.none(), World.OWNER, agent);
    assertEquals("too_many_sessions", refused.code());
    SessionReply late = world.start(session, null, mode("default"), "carl", Map.of());
    assertEquals("session_closed", late.code());
  }

  @Test
  void whatRunsLeftBehindMakesRoomTheOldestFirst() {
    open("persons", 1, root, "session", "9 days");
    open("above", 1, root, "parent", "9 days");
    open("below", 1, root + "-above-1", "parent", "1 hour");
    open("used", 1, root, "parent", "9 days");
    world.decision(root + "-used-1", bash("ls"));
    open("older", 1, root, "parent", "8 days");
    open("old", 1, root, "parent", "2 days");
    open("fresh", BELOW_PARENT - 5, root, "parent", "23 hours");

    assertTrue(startBelow(root).ok());
    assertTrue(closed(root + "-older-1"));
    assertFalse(closed(root + "-old-1"));
    assertTrue(startBelow(root).ok());
    assertTrue(closed(root + "-old-1"));
    refusedBelow(root, root);
    for (String left : new String[] {"persons", "above", "below", "used", "fresh"}) {
      assertFalse(closed(root + "-" + left + "-1"), left);
    }
  }
}
