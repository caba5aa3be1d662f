package dev.countersign.store.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.countersign.embedded.DevKeys;
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
  void whatIsKnownStaysAsItIs() throws Exception {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    world.send(command);
    assertEquals(1, world.reply(command.commandId()).version());
    published(user, 1);
    String last = World.newUser();
    published(last, 1);

    // Another user's record, which came later, has been looked at.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                World.number("select count(*) from user_permissions where user_id = ?", last) == 1);
    assertEquals(1, World.number("select version from user_permissions where user_id = ?", user));
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
    byte[] value =
        Json.write(
            new OverrideDocument(null, user, version, Json.mapper().createObjectNode(), erased));
    String signed =
        StoreSignature.ofDocument(
            world.keys.signer(DevKeys.STORE), DevKeys.TENANT, value, Instant.now());
    send(user, value, signed);
  }

  private static void send(String user, byte[] value, String signed) throws Exception {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.OVERRIDE_DOCUMENTS, user, value);
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
