package dev.countersign.store.publishing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.Folders;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenVerifier;
import dev.countersign.store.OwnContext;
import dev.countersign.store.document.Change;
import dev.countersign.store.it.Backends;
import dev.countersign.store.users.Expected;
import dev.countersign.store.users.UserKey;
import dev.countersign.store.users.WriteRequest;
import dev.countersign.store.writing.Writes;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The store's key changes while a replica with the old key still runs: the one under test. What
 * counts as published can be read under the new key alone.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class KeyChangeIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String WAITING =
      "select query from pg_stat_activity where datname = current_database()"
          + " and wait_event_type = 'Lock' and query like '%published_version = -1%'";
  private static final String NOT_RENEWED =
      "select topic from published_topic where renewed < renewal";

  /** Sends as a replica with another key does. */
  @Vetoed
  private static final class OtherKey extends Outbound {
    private final TokenSigner signer;

    OtherKey(TokenSigner signer) {
      super(null, null, null, null, null);
      this.signer = signer;
    }

    @Override
    public Uni<Void> document(OverrideDocument document) {
      byte[] value = Json.write(document);
      String signed = StoreSignature.ofDocument(signer, document.tenant(), value, Instant.now());
      ProducerRecord<String, byte[]> record =
          new ProducerRecord<>(Topics.OVERRIDE_DOCUMENTS, document.key(), value);
      record.headers().add(Headers.ASSERTION, signed.getBytes(StandardCharsets.UTF_8));
      try (KafkaProducer<String, byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", config("test.kafka")),
              new StringSerializer(),
              new ByteArraySerializer())) {
        producer.send(record);
      }
      return Uni.createFrom().voidItem();
    }
  }

  @Inject PublishedStore published;
  @Inject PublishStep oldKey;
  @Inject DocumentPublisher publisher;
  @Inject Signatures signatures;
  @Inject Writes writes;
  @Inject OwnContext context;
  @Inject TokenVerifier verifier;
  @Inject Pool pool;
  @Inject Vertx vertx;

  private final Path folder = Folders.temporary("new-store-key");
  private final DevKeys keys = DevKeys.in(folder);
  private final TokenSigner signer = keys.signer(DevKeys.STORE);
  private TokenVerifier newKeyAlone;
  private PublishStep newKey;
  private String topicId;

  private static String config(String name) {
    return ConfigProvider.getConfig().getValue(name, String.class);
  }

  @BeforeEach
  void bothKeysAreTrusted() throws IOException {
    newKey = new PublishStep(new OtherKey(signer), new Signatures(signer, vertx));
    Path trustFile = DevKeys.in(Path.of(config("test.keys"))).trustFile();
    JsonNode trust = Json.readTree(Files.readAllBytes(trustFile));
    byte[] newTrust = Files.readAllBytes(keys.trustFile());
    newKeyAlone = TokenVerifier.parse(newTrust);
    JsonNode added = Json.readTree(newTrust);
    ((ArrayNode) keysOf(trust)).addAll((ArrayNode) keysOf(added));
    Folders.writePrivate(trustFile, Json.write(trust));
    await().atMost(LIMIT).until(this::isTrusted);
    await()
        .atMost(LIMIT)
        .until(() -> signatures.keyId().equals(text("select key_id from published_topic")));
    topicId = text("select topic_id from published_topic");
  }

  private static JsonNode keysOf(JsonNode trust) {
    for (JsonNode issuer : trust.path("issuers")) {
      if (issuer.path("iss").asText().equals(DevKeys.STORE)) {
        return issuer.path("jwks").path("keys");
      }
    }
    throw new IllegalStateException("the trust file does not name the store");
  }

  private boolean isTrusted() {
    byte[] said = new byte[0];
    Instant now = Instant.now();
    try {
      StoreSignature.check(
          verifier, said, StoreSignature.ofReply(signer, DevKeys.TENANT, said, now), now);
      return true;
    } catch (TokenException e) {
      return false;
    }
  }

  @AfterEach
  void theOldKeyAgain() {
    published.follow(topicId, signatures.keyId(), Long.MAX_VALUE);
    publisher.kick();
    Folders.delete(folder);
  }

  @Test
  void whatTheOldKeySignsWhileKeysChangeIsPublishedAgainUnderTheNewOne() {
    UserKey before = settled();
    await().atMost(LIMIT).until(() -> publishedVersion(before) == 1);
    assertTrue(published.follow(topicId, signer.keyId(), Long.MAX_VALUE));

    // A change goes out at once under whichever key, and still counts as not published.
    UserKey during = settled();
    await().atMost(LIMIT).until(() -> lastRecord(during) != null);
    assertTrue(oldKeyPublishes(before));
    await().atMost(LIMIT).until(() -> publishedVersion(during) == -1);
    assertEquals(-1, publishedVersion(before));
    List<UserKey> left = inSession(() -> oldKey.unpublished(10_000));
    assertFalse(left.contains(before) || left.contains(during), "it would send them for ever");

    // The topic is looked at anew after any failure of Kafka's, by a replica with the older key.
    long renewal = published.signing().renewal();
    assertFalse(published.follow(topicId, signatures.keyId(), renewal));
    assertEquals(signer.keyId(), text("select key_id from published_topic"));

    List<UserKey> open = inSession(() -> newKey.unpublished(10_000));
    for (UserKey user : List.of(before, during)) {
      assertTrue(open.contains(user));
      assertTrue(
          context
              .run(() -> Panache.withTransaction(() -> newKey.publish(user, false)))
              .await()
              .atMost(LIMIT));
      assertEquals(1, publishedVersion(user));
      assertEquals(
          1,
          Published.of(lastRecord(user), newKeyAlone).orElseThrow().version(),
          "the last record cannot be read under the new key");
    }
  }

  @Test
  void whoeverWritesWaitsForAPageOfUsersAndNotForAll() throws Exception {
    UserKey early = settled("a-tenant");
    execute(
        "insert into user_permissions"
            + " (tenant, user_id, version, document, published_version, updated_at)"
            + " select 'b-tenant', 'user-' || n, 1, '{}', 1, now()"
            + " from generate_series(1, 10000) n");
    UserKey late = settled("c-tenant");
    await().atMost(LIMIT).until(() -> publishedVersion(late) == 1);
    CompletableFuture<Boolean> following;
    try (Connection holding = connect()) {
      holding.setAutoCommit(false);
      holding
          .createStatement()
          .execute(
              "select 1 from user_permissions where user_id = '" + late.user() + "' for update");
      following =
          CompletableFuture.supplyAsync(
              () -> published.follow(topicId, signer.keyId(), Long.MAX_VALUE));
      await().atMost(LIMIT).until(() -> text(WAITING) != null);

      await().atMost(LIMIT).until(() -> isFreeWhileAnotherIsWaitedFor(early));
      assertEquals(2, settle(early, "gradle").version());

      holding.commit();
    }
    await().atMost(LIMIT).until(() -> publishedVersion(late) == -1);
    await().atMost(LIMIT).until(() -> text(NOT_RENEWED) == null);
    following.handle((done, failure) -> done).get();
    execute("delete from user_permissions where tenant = 'b-tenant'");
  }

  @Test
  void whatACrashLeavesToBePublishedAgainIsPublishedAgain() {
    UserKey user = settled();
    await().atMost(LIMIT).until(() -> publishedVersion(user) == 1);

    execute("update published_topic set key_id = '" + signer.keyId() + "', renewal = renewal + 1");

    assertTrue(published.follow(topicId, signatures.keyId(), 0));
    assertEquals(-1, publishedVersion(user));
    assertFalse(published.follow(topicId, signatures.keyId(), 0));
  }

  /** Nobody holds the user's document, and the page of another one is waited for. */
  private boolean isFreeWhileAnotherIsWaitedFor(UserKey user) {
    String free = "select user_id from user_permissions where user_id = '" + user.user() + "'";
    return text(free + " and exists (" + WAITING + ") for no key update skip locked") != null;
  }

  private void execute(String sql) {
    pool.query(sql).execute().await().atMost(LIMIT);
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        config("test.jdbc"),
        config("quarkus.datasource.username"),
        config("quarkus.datasource.password"));
  }

  private boolean oldKeyPublishes(UserKey user) {
    return context.run(() -> oldKey.publish(user, true)).await().atMost(LIMIT);
  }

  private <T> T inSession(Supplier<Uni<T>> work) {
    return context.run(() -> Panache.withSession(work)).await().atMost(LIMIT);
  }

  private UserKey settled() {
    return settled(DevKeys.TENANT);
  }

  private UserKey settled(String tenant) {
    UserKey user = new UserKey(tenant, "user-" + UUID.randomUUID());
    settle(user, "make");
    return user;
  }

  private OverrideReply settle(UserKey user, String resource) {
    return writes
        .write(
            new WriteRequest(
                user,
                null,
                new Change.SetOverride("Bash", resource, "always", false),
                Expected.ANY,
                new ChangeSource(ChangeSource.Via.DASHBOARD, user.user(), null, null),
                true,
                Instant.now()))
        .await()
        .atMost(LIMIT)
        .reply();
  }

  private long publishedVersion(UserKey user) {
    return pool.preparedQuery("select published_version from user_permissions where user_id = $1")
        .execute(Tuple.of(user.user()))
        .await()
        .atMost(LIMIT)
        .iterator()
        .next()
        .getLong(0);
  }

  private String text(String sql) {
    var rows = pool.query(sql).execute().await().atMost(LIMIT).iterator();
    return rows.hasNext() ? rows.next().getString(0) : null;
  }

  /** The one that compaction keeps; null if there is none. */
  private static ConsumerRecord<String, byte[]> lastRecord(UserKey user) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", config("test.kafka"), "enable.auto.commit", "false"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor(Topics.OVERRIDE_DOCUMENTS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      ConsumerRecord<String, byte[]> last = null;
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          last = user.user().equals(record.key()) ? record : last;
        }
      }
      return last;
    }
  }
}
