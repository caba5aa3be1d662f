package dev.countersign.approval;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.UserDocument;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * While the service runs, a standby of its database that lagged takes over. Nothing begins anew of
 * itself meanwhile.
 */
@QuarkusTest
@QuarkusTestResource(
    value = BackendsResource.class,
    initArgs = @ResourceArg(name = BackendsResource.DOCUMENTS_PASS, value = "10M"),
    restrictToAnnotatedClass = true)
class FailoverIT {
  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);
  private final String user = World.id("user");

  @Test
  void whatTheStandbyMissedIsReadAgainThoughTheTopicIsIdle() {
    long missed = setBack();
    awaitVersion(user, missed);
  }

  @Test
  void whatComesAtOnceDoesNotHideWhatTheStandbyMissed() {
    long missed = setBack();
    String other = World.id("user");
    awaitVersion(other, store.publish(other, UserDocument.EMPTY));
    awaitVersion(user, missed);
  }

  /** The version of the user's document that the database does not know any more. */
  private long setBack() {
    awaitVersion(user, store.publish(user, UserDocument.EMPTY));
    try (Hold standby =
        Hold.of(
            """
            CREATE TEMPORARY TABLE lagging ON COMMIT DROP AS
              SELECT * FROM override_projection WHERE user_id = '%s';
            CREATE TEMPORARY TABLE lagging_offset ON COMMIT DROP AS
              SELECT * FROM projection_offset
            """
                .formatted(user))) {
      long before = read();
      long missed = store.publish(user, UserDocument.EMPTY);
      awaitVersion(user, missed);
      assertTrue(read() > before, "its offset is noted with it");
      standby.also(
          """
          UPDATE override_projection p SET version = l.version FROM lagging l
            WHERE p.user_id = l.user_id;
          UPDATE projection_offset o SET next_offset = l.next_offset FROM lagging_offset l
            WHERE o.topic = l.topic AND o.partition = l.partition
          """);
      return missed;
    }
  }

  private static long read() {
    return Hold.number("SELECT coalesce(sum(next_offset), 0) FROM projection_offset");
  }

  private static void awaitVersion(String user, long version) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                Hold.number(
                        "SELECT count(*) FROM override_projection WHERE user_id = '%s'"
                                .formatted(user)
                            + " AND version = "
                            + version)
                    == 1);
  }
}
