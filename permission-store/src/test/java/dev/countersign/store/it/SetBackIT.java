package dev.countersign.store.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.token.StoreSignature;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The topic knows a higher version than the database: the database was set back. It holds, and its
 * document gets a version that every reader takes over.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class SetBackIT {
  private static World world;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void aDocumentIsLiftedAboveTheOneThatWasPublished() throws Exception {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    world.send(command);
    assertEquals(1, world.reply(command.commandId()).version());

    published(user, 7);

    assertEquals(8, world.document(user, 8).version());
    assertEquals(
        "always",
        world.document(user, 8).document().at("/tools/Bash/resources/make/level").asText());
    assertEquals(
        1,
        World.number(
            "select count(*) from permission_history where user_id = ? and version = 8"
                + " and action = 'lift' and actor = 'permission-store' and via = 'restore'",
            user));
    OverrideCommand next = World.set(user, "Bash", "make", "never");
    world.send(next);
    assertEquals(9, world.reply(next.commandId()).version());
  }

  @Test
  void aUserWhoIsNotKnownHasSettledNothingAndErasedNothing() throws Exception {
    String user = World.newUser();
    send(user, "nonsense".getBytes(), null);

    published(user, 3);

    OverrideDocument lifted = world.document(user, 4);
    assertEquals(
        UserDocument.EMPTY, Json.mapper().convertValue(lifted.document(), UserDocument.class));
    assertNull(lifted.erasedVersion());
    assertEquals(4, World.number("select version from user_permissions where user_id = ?", user));
  }

  @Test
  void whatWasErasedAfterTheBackupIsErasedAgain() throws Exception {
    String user = World.newUser();
    String marker = "marker" + UUID.randomUUID().toString().replace("-", "");
    settled(user, marker, 1);
    world.document(user, 1);

    published(user, 7, 5L);

    OverrideDocument lifted = world.document(user, 8);
    assertEquals(5, lifted.erasedVersion());
    assertEquals(Set.of(), Tables.holding(marker));
  }

  @Test
  void anEraseIsRepeatedAlsoWhereTheRestoredDocumentWasWrittenSince() throws Exception {
    String user = World.newUser();
    String marker = "marker" + UUID.randomUUID().toString().replace("-", "");
    settled(user, marker, 1);
    settled(user, "gradle", 2);
    settled(user, "ant", 3);
    world.document(user, 3);

    published(user, 2, 2L);

    // Readers took the restored document over, so the erase is a later one than they know.
    assertEquals(4, world.document(user, 4).erasedVersion());
    assertEquals(Set.of(), Tables.holding(marker));
  }

  @Test
  void aTombstoneIsHeardOfAlsoWhereTheRestoredDocumentWasWrittenSince() throws Exception {
    String user = World.newUser();
    String marker = "marker" + UUID.randomUUID().toString().replace("-", "");
    settled(user, marker, 1);
    settled(user, "gradle", 2);
    world.document(user, 2);

    tombstone(user, 2);

    assertEquals(
        UserDocument.EMPTY,
        Json.mapper().convertValue(world.document(user, 3).document(), UserDocument.class));
    assertEquals(Set.of(), Tables.holding(marker));
  }

  @Test
  void anEraseThatStandsInTheHistoryAloneIsKnown() throws Exception {
    String user = World.newUser();
    settled(user, "make", 1);
    world.erase(user);
    settled(user, "gradle", 3);
    world.document(user, 3);
    World.update("update user_permissions set erased_version = null where user_id = ?", user);

    tombstone(user, 2);

    awaitLookedAt();
    assertEquals(3, World.number("select version from user_permissions where user_id = ?", user));
  }

  @Test
  void anEraseOfTheSameVersionAsAnEarlierOneIsALaterOneForReaders() throws Exception {
    String user = World.newUser();
    settled(user, "make", 1);
    world.erase(user);
    settled(user, "gradle", 3);
    world.document(user, 3);

    tombstone(user, new Erasure(2, "of-another-database"));

    OverrideDocument lifted = world.document(user, 4);
    assertEquals(4, lifted.erasedVersion());
    assertEquals("always", lifted.document().at("/tools/Bash/resources/gradle/level").asText());
    awaitLookedAt();
    assertEquals(4, World.number("select version from user_permissions where user_id = ?", user));
  }

  @Test
  void whatIsKnownStaysAsItIs() throws Exception {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    world.send(command);
    assertEquals(1, world.reply(command.commandId()).version());
    published(user, 1);

    awaitLookedAt();
    assertEquals(1, World.number("select version from user_permissions where user_id = ?", user));
  }

  /** Waits until records that come now, in every partition, have been looked at. */
  private static void awaitLookedAt() throws Exception {
    for (int partition : world.documents.partitions()) {
      String last = World.newUser();
      byte[] value = document(last, 1, null);
      send(new ProducerRecord<>(Topics.OVERRIDE_DOCUMENTS, partition, last, value), signed(value));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  World.number("select count(*) from user_permissions where user_id = ?", last)
                      == 1);
    }
  }

  @Test
  void anOlderDocumentThatArrivesLastIsCoveredByThePresentOne() throws Exception {
    String user = World.newUser();
    settled(user, "make", 1);
    settled(user, "gradle", 2);
    assertEquals(2, world.document(user, 2).version());

    published(user, 1);

    presentAgain(user);
  }

  @Test
  void aRecordThatNoStoreSignedIsCoveredByThePresentOneAndLiftsNothing() throws Exception {
    String user = World.newUser();
    settled(user, "make", 1);
    settled(user, "gradle", 2);
    assertEquals(2, world.document(user, 2).version());

    byte[] forged =
        Json.write(new OverrideDocument(null, user, 99, Json.mapper().createObjectNode()));
    send(user, forged, null);

    presentAgain(user);
    assertEquals(2, World.number("select version from user_permissions where user_id = ?", user));
  }

  private static void settled(String user, String resource, long version) {
    OverrideCommand command = World.set(user, "Bash", resource, "always");
    world.send(command);
    assertEquals(version, world.reply(command.commandId()).version());
  }

  /** Twice: when it was settled, and behind what was sent after it. */
  private static void presentAgain(String user) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                world.documents.all().filter(r -> user.equals(r.key()) && said(r, user, 2)).count()
                    == 2);
  }

  private static boolean said(ConsumerRecord<String, byte[]> record, String user, long version) {
    String id = "document/default/" + user + "/" + version;
    return record.headers().lastHeader("ce_id") != null
        && id.equals(new String(record.headers().lastHeader("ce_id").value()));
  }

  private static void published(String user, long version) throws Exception {
    published(user, version, null);
  }

  private static void published(String user, long version, Long erased) throws Exception {
    byte[] value = document(user, version, erased);
    send(user, value, signed(value));
  }

  private static byte[] document(String user, long version, Long erased) {
    return Json.write(
        new OverrideDocument(null, user, version, Json.mapper().createObjectNode(), erased, null));
  }

  private static String signed(byte[] value) {
    return StoreSignature.ofDocument(
        world.keys.signer(DevKeys.STORE), DevKeys.TENANT, value, Instant.now());
  }

  private static void tombstone(String user, long version) throws Exception {
    tombstone(user, new Erasure(version, null));
  }

  private static void tombstone(String user, Erasure erasure) throws Exception {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.OVERRIDE_DOCUMENTS, user, null);
    record.headers().add(Headers.VERSION, Long.toString(erasure.version()).getBytes());
    if (erasure.id() != null) {
      record.headers().add(Headers.ERASURE, erasure.id().getBytes());
    }
    send(
        record,
        StoreSignature.ofTombstone(
            world.keys.signer(DevKeys.STORE), DevKeys.TENANT, user, erasure, Instant.now()));
  }

  private static void send(String user, byte[] value, String signed) throws Exception {
    send(new ProducerRecord<>(Topics.OVERRIDE_DOCUMENTS, user, value), signed);
  }

  private static void send(ProducerRecord<String, byte[]> record, String signed) throws Exception {
    if (signed != null) {
      record.headers().add(Headers.ASSERTION, signed.getBytes());
    }
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", World.bootstrap()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }
}
