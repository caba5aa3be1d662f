package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.countersign.approval.db.Database;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenSigner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.junit.jupiter.api.Test;

/** Whoever may write to the store's topics is not the store: its word counts only signed. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SignedDocumentsIT {
  private static final UserDocument ALLOWS =
      new UserDocument(1, null, Map.of("Bash", new UserDocument.Tool("always", null)));

  @Inject Database database;
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
