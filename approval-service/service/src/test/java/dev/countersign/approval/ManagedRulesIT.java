package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The administrators' file while the service runs. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ManagedRulesIT {
  private final World world = World.get();
  private final Path file = Path.of(System.getProperty(BackendsResource.RULES));

  @Test
  void aNewRevisionIsTakenOverABrokenOrLowerOneIsNot() {
    String session = world.session(mode("default"));
    assertEquals(
        DecidedBy.RULE, world.decision(session, bash("forbidden-by-revision-1 x")).decidedBy());
    String open = world.ask(session, bash("forbidden-by-revision-2 x"));
    world.prompt(open);
    BackendsResource.write(file, "revision 2\ndeny Bash(forbidden-by-revision-2 *)\n");
    PermissionReply ended = world.reply(open);
    assertEquals(Effect.DENY, ended.effect());
    assertEquals(DecidedBy.RULE, ended.decidedBy());
    BackendsResource.write(file, "revision 3\nforbid everything\n");
    BackendsResource.write(file, "revision 1\n");
    BackendsResource.write(file, "revision 4\ndeny Bash(forbidden-by-revision-4 *)\n");
    String last = world.ask(session, bash("forbidden-by-revision-4 x"));
    assertEquals(DecidedBy.RULE, world.reply(last).decidedBy());
    assertEquals(4, world.receipt(last).fence().managed());
    // Deny rules of an older revision are gone with it.
    world.prompt(world.ask(session, bash("forbidden-by-revision-2 x")));
  }
}
