package dev.countersign.approval;

import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the permission store publishes takes effect here; versions only grow. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ProjectionIT {
  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);

  private static UserDocument bash(String level, String resource) {
    return new UserDocument(
        1,
        null,
        Map.of(
            "Bash",
            new UserDocument.Tool(null, Map.of(resource, new UserDocument.Entry(level, null)))));
  }

  @Test
  void aDocumentTakesEffectAnOlderOneDoesNotAnErasedOneIsEmpty() {
    String session = world.session(mode("default"));
    String open = world.ask(session, World.bash("make project"));
    world.prompt(open);
    long version = store.publish(World.OWNER, bash("always", "make project"));
    PermissionReply settled = world.reply(open);
    assertEquals(Effect.ALLOW, settled.effect());
    assertEquals(DecidedBy.OVERRIDE, settled.decidedBy());
    assertEquals(version, world.receipt(open).fence().document());
    store.publish(
        new OverrideDocument(
            null,
            World.OWNER,
            version - 1,
            Json.mapper().valueToTree(bash("never", "make project"))));
    world.wire.send(Topics.OVERRIDE_DOCUMENTS, World.OWNER, "nonsense".getBytes(), Map.of());
    world.deadLetter(
        d -> d.topic().equals(Topics.OVERRIDE_DOCUMENTS) && d.code().equals("missing_token"));
    assertEquals(
        DecidedBy.OVERRIDE, world.decision(session, World.bash("make project")).decidedBy());
    store.erase(World.OWNER);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              String asked = world.ask(session, World.bash("make project"));
              Awaitility.await()
                  .atMost(Duration.ofSeconds(20))
                  .until(() -> world.replies(asked).findAny().isPresent() || prompted(asked));
              return prompted(asked);
            });
  }

  private boolean prompted(String request) {
    return world
        .wire
        .values(Topics.PROMPTS, dev.countersign.protocol.PromptState.class)
        .anyMatch(p -> request.equals(p.requestId()));
  }
}
