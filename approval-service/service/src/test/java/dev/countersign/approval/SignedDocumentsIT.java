package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.kafka.KafkaSettings;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.kafka.ReplyTopics;
import dev.countersign.approval.kafka.Source;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.overrides.CaughtUp;
import dev.countersign.approval.overrides.DocumentProjector;
import dev.countersign.approval.overrides.ProjectionStore;
import dev.countersign.embedded.DevKeys;
import dev.countersign.meters.RecordMeters;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.kafka.TopicPlan;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenVerifier;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/** Whoever may write to the store's topics is not the store: its word counts only signed. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SignedDocumentsIT {
  private static final UserDocument ALLOWS =
      new UserDocument(1, null, Map.of("Bash", new UserDocument.Tool("always", null)));

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Inject Database database;
  @Inject ProjectionStore projection;
  @Inject ReplyTopics replyTopics;
  @Inject CaughtUp caughtUp;
  @Inject Kicks kicks;
  @Inject TokenVerifier verifier;
  @Inject TokenSigner ownSigner;
  @Inject Progress progress;
  @Inject ApprovalConfig config;

  @Inject KafkaSettings kafka;
  @Inject RecordMeters meters;

  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);
  private final TokenSigner signer = world.keys.signer(DevKeys.STORE);

  private long version(String user) {
    return database
        .query("SELECT version FROM override_projection WHERE user_id = $1", user)
        .stream()
        .mapToLong(row -> row.getLong("version"))
        .findFirst()
        .orElse(0);
  }

  private void deadLettered(String user, String code) {
    world.deadLetter(
        d ->
            d.topic().startsWith("override.")
                && code.equals(d.code())
                && pseudonym(user).equals(d.recordKey()));
  }

  private String pseudonym(String user) {
    return world.keys.signer(DevKeys.APPROVAL).pseudonym(user);
  }

  @Test
  void aDocumentThatTheStoreDidNotSignIsNeverProjected() {
    String user = id("auth0|u");
    OverrideDocument event = new OverrideDocument(null, user, 9, Json.mapper().valueToTree(ALLOWS));
    byte[] value = Json.write(event);
    Instant now = Instant.now();

    store.publish(event, value, null);
    deadLettered(user, "missing_token");
    store.publish(event, value, StoreSignature.ofReply(signer, "default", value, now));
    deadLettered(user, "wrong_type");
    store.publish(event, value, by(DevKeys.APPROVAL, value));
    deadLettered(user, "beyond_issuer");
    Instant longAgo = now.minus(Duration.ofMinutes(5));
    store.publish(event, value, StoreSignature.ofDocument(signer, "default", value, longAgo));
    deadLettered(user, "expired_token");
    byte[] other = "{}".getBytes();
    store.publish(event, value, StoreSignature.ofDocument(signer, "default", other, now));
    deadLettered(user, "bad_signature");
    assertEquals(0, version(user));

    store.publish(event);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> version(user) == 9);
    store.erase(user, 10, null);
    world.deadLetter(
        d ->
            pseudonym(user).equals(d.recordKey())
                && d.code().equals("missing_token")
                && d.valueSize() == 0);
    assertEquals(9, version(user));
  }

  @Test
  void aSignedReplyAboutNobodyThatCanBeAUserIsNotProjectedUnderAnotherName() {
    String user = id("u") + "\ud800";
    OverrideReply reply =
        new OverrideReply(
            null, id("c"), user, true, "ok", null, 3, Json.mapper().valueToTree(ALLOWS), List.of());
    byte[] value = Json.write(reply);
    store.send(reply, value, StoreSignature.ofReply(signer, "default", value, Instant.now()));
    deadLettered(user.replace('\ud800', '?'), "malformed_json");
    assertEquals(0, version(user.replace('\ud800', '?')));
  }

  @Test
  void aDocumentWhoseKeyIsTrustedTooLateIsNotPassedOver() throws Exception {
    String user = id("u");
    RsaJsonWebKey next = RsaJwkGenerator.generateJwk(2048);
    next.setKeyId(id("permission-store-next"));
    TokenSigner later = new TokenSigner(DevKeys.STORE, next);
    OverrideDocument event = new OverrideDocument(null, user, 9, Json.mapper().valueToTree(ALLOWS));
    byte[] value = Json.write(event);

    store.publish(event, value, StoreSignature.ofDocument(later, "default", value, Instant.now()));
    deadLettered(user, "unknown_key");
    String behind = id("u");
    store.publish(new OverrideDocument(null, behind, 3, Json.mapper().valueToTree(ALLOWS)));
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> version(behind) == 3);
    assertEquals(0, version(user));

    trust(next);
    Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> version(user) == 9);
  }

  /** A document of a user whom the topic is read only up to until {@link #letGo}. */
  private String held() throws JoseException {
    String user = id("u");
    RsaJsonWebKey stranger = RsaJwkGenerator.generateJwk(2048);
    stranger.setKeyId(id("stranger"));
    OverrideDocument event = new OverrideDocument(null, user, 9, Json.mapper().valueToTree(ALLOWS));
    byte[] value = Json.write(event);
    TokenSigner unknown = new TokenSigner(DevKeys.STORE, stranger);
    String signed = StoreSignature.ofDocument(unknown, "default", value, Instant.now());
    store.publish(event, value, signed);
    deadLettered(user, "unknown_key");
    return user;
  }

  private void letGo(String held) {
    store.publish(new OverrideDocument(null, held, 10, Json.mapper().valueToTree(ALLOWS)));
    Awaitility.await().atMost(PATIENCE).until(() -> version(held) == 10);
  }

  private static int partition(String user) {
    byte[] key = user.getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % TopicPlan.PARTITIONS;
  }

  @Test
  void whatStandsBehindAnUnprovenDocumentIsReachedHoweverMuchItIs() throws Exception {
    String held = held();
    try {
      String behind = id("u");
      while (partition(behind) != partition(held)) {
        behind = id("u");
      }
      // The same bytes again are as good, and are read as slowly as others.
      OverrideDocument event =
          new OverrideDocument(null, behind, 3, Json.mapper().valueToTree(ALLOWS));
      store.publish(event, 8000);
      store.publish(new OverrideDocument(null, behind, 4, Json.mapper().valueToTree(ALLOWS)));
      String user = behind;
      Awaitility.await().atMost(PATIENCE).until(() -> version(user) == 4);
      assertEquals(0, version(held));
    } finally {
      letGo(held);
    }
  }

  @Test
  void aRefusalThatCouldNotBeDeadLetteredIsDeadLetteredOnceThatWorks() throws Exception {
    String held = held();
    try {
      OverrideDocument event =
          new OverrideDocument(null, held, 11, Json.mapper().valueToTree(ALLOWS));
      RecordMetadata refused = store.publish(event, Json.write(event), null);
      Source source = new Source(refused.topic(), refused.partition(), refused.offset());
      AtomicInteger tried = new AtomicInteger();
      AtomicInteger told = new AtomicInteger();
      KafkaSender failsOnce =
          new KafkaSender(kafka, replyTopics, meters) {
            @Override
            public void sendAll(List<Outgoing> records) {
              boolean about = records.stream().anyMatch(r -> source.equals(r.about()));
              if (about && tried.incrementAndGet() == 1) {
                throw new TimeoutException("no broker");
              }
              super.sendAll(records);
              told.addAndGet(about ? 1 : 0);
            }
          };
      DocumentProjector projector =
          new DocumentProjector(
              projection, failsOnce, caughtUp, kicks, verifier, signer, progress, kafka, config);
      assertThrows(TimeoutException.class, () -> projector.follow(() -> tried.get() > 0));
      // Every pass reads it again.
      AtomicInteger polls = new AtomicInteger();
      projector.follow(() -> told.get() > 0 && polls.incrementAndGet() > 20);
      assertEquals(1, told.get());
      assertEquals(2, tried.get());
    } finally {
      letGo(held);
    }
  }

  private void trust(RsaJsonWebKey key) throws IOException {
    Path file = world.keys.trustFile();
    JsonNode trust = Json.readTree(Files.readAllBytes(file));
    for (JsonNode entry : trust.path("issuers")) {
      if (entry.path("iss").asText().equals(DevKeys.STORE)) {
        ((ArrayNode) entry.path("jwks").path("keys"))
            .addPOJO(key.toParams(OutputControlLevel.PUBLIC_ONLY));
      }
    }
    Path whole = file.resolveSibling(id("trust"));
    Files.write(whole, Json.write(trust));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private String by(String issuer, byte[] value) {
    return world
        .keys
        .signer(issuer)
        .signAssertion(
            "permission-store",
            "default",
            List.of("service"),
            EventType.DOCUMENT_CHANGED.ceType(),
            value,
            Map.of(),
            Instant.now());
  }

  @Test
  void aReplyThatTheStoreDidNotSignSettlesNothing() throws Exception {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make signed")));
    world.sendAnswer(
        new PermissionAnswer(
            null,
            prompt.promptId(),
            id("a"),
            prompt.options().stream()
                .map(PromptOption::optionId)
                .filter(o -> o.startsWith("allow_always"))
                .findFirst()
                .orElseThrow(),
            prompt.digest(),
            null,
            null),
        World.OWNER,
        Map.of());
    var command = store.command(prompt.promptId());
    OverrideReply forged =
        new OverrideReply(
            null,
            command.commandId(),
            command.user(),
            true,
            "ok",
            null,
            1L << 40,
            Json.mapper().valueToTree(ALLOWS),
            List.of());

    store.send(forged, Json.write(forged), null);

    world.deadLetter(
        d -> d.topic().equals(Topics.OVERRIDE_REPLIES) && d.code().equals("missing_token"));
    assertTrue(version(World.OWNER) < 1L << 40);
    assertTrue(world.replies(prompt.requestId()).findAny().isEmpty());
    OverrideReply stored = store.store(command);
    assertEquals("allowed", world.reply(prompt.requestId()).code());
    assertEquals(stored.version(), version(World.OWNER));
    store.clear(World.OWNER);
  }
}
