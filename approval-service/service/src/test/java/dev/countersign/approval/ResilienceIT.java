package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.db.Database;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PromptState;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** The database drops every connection in the middle of the work. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ResilienceIT {
  private final World world = World.get();
  @Inject Database database;
  private int dropped;

  private void dropConnections() {
    dropped +=
        database
            .query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE usename = current_user AND pid <> pg_backend_pid()")
            .size();
  }

  @Test
  void everyStepGoesOnOverNewConnections() {
    String session = world.session(mode("default"));
    for (int i = 0; i < 5; i++) {
      dropConnections();
      assertEquals(Effect.ALLOW, world.decision(session, bash("ls " + i)).effect());
      dropConnections();
      String request = world.ask(session, bash("make " + i));
      PromptState prompt = world.prompt(request);
      dropConnections();
      assertEquals(AnswerReply.Outcome.ACCEPTED, world.answer(prompt, "allow_once").outcome());
      world.receipt(request);
      // Perhaps told twice, but always the same.
      assertEquals(1, world.receipts(request).distinct().count());
    }
    assertTrue(dropped > 0);
  }
}
