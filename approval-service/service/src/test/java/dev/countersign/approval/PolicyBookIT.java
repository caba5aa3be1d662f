package dev.countersign.approval;

import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.policy.CompiledPolicy;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** A large policy is compiled once, however many prompts are judged by it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class PolicyBookIT {
  private final World world = World.get();

  @Inject PolicyBook book;
  @Inject Database database;

  private CompiledPolicy unchanged(SessionKey key) {
    return database.transaction(
        connection -> book.loadUnchanged(connection, key).orElseThrow().policy());
  }

  @Test
  void whatATransactionOnlyReadsIsCompiledOnceAndWhatMayChangeInItIsNotRemembered() {
    String session = world.session(mode("default"));
    SessionKey key = new SessionKey("default", session);
    CompiledPolicy first =
        database.transaction(connection -> book.load(connection, key).orElseThrow().policy());
    CompiledPolicy second = unchanged(key);
    assertNotSame(first, second);
    assertSame(second, unchanged(key));
    world.set(session, mode("plan"));
    assertNotSame(second, unchanged(key));
    world.close(session);
  }
}
