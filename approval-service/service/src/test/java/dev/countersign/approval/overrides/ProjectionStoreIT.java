package dev.countersign.approval.overrides;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.BackendsResource;
import dev.countersign.approval.overrides.ProjectionStore.Topic;
import dev.countersign.approval.overrides.ProjectionStore.UserKey;
import dev.countersign.approval.overrides.ProjectionStore.Version;
import dev.countersign.embedded.DevKeys;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is taken over, and what is not, of a topic that only this test knows. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ProjectionStoreIT {
  private static final byte[] DOCUMENT = "{\"schemaVersion\":1}".getBytes();

  @Inject ProjectionStore store;

  private final Topic topic = new Topic("documents-" + UUID.randomUUID(), "first");
  private final String user = "user-" + UUID.randomUUID();

  private List<Version> documents(long version) {
    return List.of(new Version(DevKeys.TENANT, user, version, DOCUMENT, null));
  }

  private long version() {
    UserKey key = new UserKey(DevKeys.TENANT, user);
    return store.find(List.of(key)).containsKey(key)
        ? store.find(List.of(key)).get(key).version()
        : 0;
  }

  @Test
  void nothingIsTakenOverByADatabaseThatDoesNotKnowWhatItKnew() {
    store.follow(topic);
    Reached none = store.reached(topic.name());
    assertTrue(store.advance(topic, none, documents(1), Map.of(0, 4L)));
    Reached noted = none.and(Map.of(0, 4L));
    store.forgetOffset(topic.name(), 0, 4);
    assertFalse(store.advance(topic, noted, documents(2), Map.of(0, 5L)));
    assertEquals(1, version());
    assertEquals(Map.of(), store.reached(topic.name()).offsets());
  }

  @Test
  void nothingIsTakenOverOfATopicThatWasMadeAnew() {
    store.follow(topic);
    Reached none = store.reached(topic.name());
    assertTrue(store.follow(new Topic(topic.name(), "second")));
    assertFalse(store.advance(topic, none, documents(7), Map.of(0, 5L)));
    assertEquals(0, version());
  }

  @Test
  void anOffsetThatAnotherReplicaNotedSinceIsLeft() {
    store.follow(topic);
    Reached none = store.reached(topic.name());
    assertTrue(store.advance(topic, none, List.of(), Map.of(0, 5L)));
    store.forgetOffset(topic.name(), 0, 4);
    assertEquals(Map.of(0, 5L), store.reached(topic.name()).offsets());
  }
}
