package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.countersign.embedded.TopicSetup;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two approval services: whoever gets the next request knows what was settled in the last one. */
@Tag("full")
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class ReplicasIT {
  private static final int USERS = 25;

  private final SystemFixture system;

  ReplicasIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void alwaysAndAtOnceAgainNeverPrompts() {
    Child second = system.startReplica(ServiceName.APPROVAL, Map.of());
    try {
      alwaysAndAtOnceAgain();
    } finally {
      second.stop(Duration.ofSeconds(20));
    }
  }

  @Test
  void norWhileTheDocumentsAreNotBeingConsumed() {
    String elsewhere = "override.documents.elsewhere";
    TopicSetup.createReplyTopic(system.stack().bootstrapServers(), elsewhere);
    Child second = system.startReplica(ServiceName.APPROVAL, Map.of());
    restartStore(Map.of("MP_MESSAGING_OUTGOING_OVERRIDE_DOCUMENTS_TOPIC", elsewhere));
    try {
      alwaysAndAtOnceAgain();
    } finally {
      second.stop(Duration.ofSeconds(20));
      restartStore(Map.of());
    }
  }

  private void restartStore(Map<String, String> environment) {
    system.stack().service(ServiceName.STORE).stop(Duration.ofSeconds(20));
    system.startAgain(ServiceName.STORE, environment);
  }

  private void alwaysAndAtOnceAgain() {
    for (int i = 0; i < USERS; i++) {
      // Sessions of one user are on different partitions, and so with different replicas.
      Agent first = system.newAgent();
      Agent other = system.newAgentOfTheSameUser(first);
      String command = "make deploy-" + i;
      String id = system.newId();
      Agent.Status asked = first.ask(id, bash(command));
      assertNotNull(asked.promptId(), asked::toString);
      first.answer(asked.promptId(), PromptOption.Kind.ALLOW_ALWAYS).orThrow();
      PermissionReply decided = first.read(id, 30).decision();
      assertEquals(DecidedBy.USER, decided.decidedBy());
      for (Agent agent : new Agent[] {first, other}) {
        Agent.Status again = agent.ask(system.newId(), bash(command));
        assertNotNull(again.decision(), "it prompted");
        assertEquals(DecidedBy.OVERRIDE, again.decision().decidedBy());
      }
    }
  }
}
