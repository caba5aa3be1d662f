package dev.countersign.store.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.UserDocument;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** While the store runs, a standby of its database that lagged takes over. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class FailoverIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static World world;

  private final String user = World.newUser();

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void anEraseThatTheStandbyMissedIsRepeatedThoughTheTopicIsIdle() throws Exception {
    String marker = "marker" + UUID.randomUUID().toString().replace("-", "");
    settled(marker, "always");
    awaitNoted(1);
    try (Standby standby = new Standby(user)) {
      world.erase(user);
      awaitNoted(2);
      standby.takesOver();
    }

    OverrideDocument lifted = world.document(user, 3);
    // The same erase, so whoever heard of it has nothing to do.
    assertEquals(2, lifted.erasedVersion());
    assertEquals(erasureId(), lifted.erasureId());
    assertEquals(
        UserDocument.EMPTY, Json.mapper().convertValue(lifted.document(), UserDocument.class));
    assertEquals(Set.of(), Tables.holding(marker));

    long version = settled("make", "never");
    assertEquals("never", level(world.document(user, version), "make"));
  }

  @Test
  void whatIsSettledAtOnceGetsAVersionThatEveryReaderTakesOver() throws Exception {
    settled("make", "always");
    awaitNoted(1);
    try (Standby standby = new Standby(user)) {
      settled("gradle", "always");
      awaitNoted(2);
      standby.takesOver();
    }
    settled("ant", "never");

    OverrideDocument present =
        Json.read(
            world
                .documents
                .await(
                    r ->
                        user.equals(r.key())
                            && version(r) > 2
                            && level(Json.read(r.value(), OverrideDocument.class), "ant")
                                .equals("never"))
                .value(),
            OverrideDocument.class);
    assertEquals("", level(present, "gradle"));
    assertEquals("always", level(present, "make"));
  }

  @Test
  void anEraseAtOnceWithTheNumberOfTheLostOneIsALaterOneForReaders() throws Exception {
    settled("make", "always");
    awaitNoted(1);
    try (Standby standby = new Standby(user)) {
      world.erase(user);
      awaitNoted(2);
      standby.takesOver();
      world.erase(user);
    }
    assertEquals(3, world.document(user, 3).erasedVersion());
  }

  @Test
  void aDatabaseThatNamesAnOlderKeyIsToldTheKeyAgain() throws Exception {
    settled("make", "always");
    awaitNoted(1);
    setBack("key_id = 'older', renewal = renewal - 1");
    World.update("update user_permissions set published_version = -1 where user_id = ?", user);
    await()
        .atMost(LIMIT)
        .until(
            () ->
                World.number(
                        "select count(*) from user_permissions where user_id = ?"
                            + " and published_version = 1",
                        user)
                    == 1);
    assertEquals(0, World.number("select count(*) from published_topic where key_id = 'older'"));
  }

  @Test
  void aKeyThatWasNotedLaterHolds() throws Exception {
    settled("make", "always");
    awaitNoted(1);
    setBack("key_id = key_id || '-newer', renewal = renewal + 1");
    awaitNoted(1);
    assertEquals(
        1, World.number("select count(*) from published_topic where key_id like '%-newer'"));
    World.update("update published_topic set key_id = left(key_id, -6)");
  }

  /** The database as it was before this user's first record was noted, but for this. */
  private void setBack(String set) {
    ConsumerRecord<String, byte[]> record =
        world.documents.await(r -> user.equals(r.key()) && version(r) == 1);
    World.update("update published_topic set " + set);
    World.update(
        "update published_offset set next_offset = ? where partition = ?",
        record.offset(),
        record.partition());
  }

  private long settled(String resource, String level) {
    OverrideCommand command = World.set(user, "Bash", resource, level);
    world.send(command);
    var reply = world.reply(command.commandId());
    assertTrue(reply.ok());
    return reply.version();
  }

  private String erasureId() {
    return new String(
        world
            .documents
            .await(r -> user.equals(r.key()) && r.value() == null)
            .headers()
            .lastHeader(Headers.ERASURE)
            .value());
  }

  private static String level(OverrideDocument document, String resource) {
    return document.document().at("/tools/Bash/resources/" + resource + "/level").asText();
  }

  private static long version(ConsumerRecord<String, byte[]> record) {
    String id = new String(record.headers().lastHeader("ce_id").value());
    return Long.parseLong(id.substring(id.lastIndexOf('/') + 1));
  }

  /** Waits until the database says of this version's record that it was read back. */
  private void awaitNoted(long version) {
    ConsumerRecord<String, byte[]> record =
        world.documents.await(r -> user.equals(r.key()) && version(r) == version);
    await()
        .atMost(LIMIT)
        .until(
            () ->
                World.number(
                        "select count(*) from published_offset where partition = ?"
                            + " and next_offset > ?",
                        record.partition(),
                        record.offset())
                    == 1);
  }
}
