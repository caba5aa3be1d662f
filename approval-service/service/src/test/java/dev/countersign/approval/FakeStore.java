package dev.countersign.approval;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Plays the permission store for one test. */
final class FakeStore {
  private static final AtomicLong VERSIONS = new AtomicLong(10);

  private final World world;
  private final TokenSigner signer;

  FakeStore(World world) {
    this.world = world;
    this.signer = world.keys.signer(DevKeys.STORE);
  }

  /** Waits for the command that an answer to this prompt leads to. */
  OverrideCommand command(String prompt) throws Exception {
    OverrideCommand command =
        world.await(
            "override command",
            Topics.OVERRIDE_COMMANDS,
            OverrideCommand.class,
            c -> c.commandId().equals("prompt:" + prompt));
    var record =
        world
            .wire
            .records(Topics.OVERRIDE_COMMANDS)
            .filter(r -> new String(r.value(), StandardCharsets.UTF_8).contains(prompt))
            .findFirst()
            .orElseThrow();
    String assertion =
        new String(record.headers().lastHeader(Headers.ASSERTION).value(), StandardCharsets.UTF_8);
    TokenClaims claims =
        TokenVerifier.load(world.keys.trustFile())
            .verifyAssertion(
                assertion, Instant.now(), EventType.OVERRIDE_COMMANDED.ceType(), record.value());
    if (!claims.roles().contains("service")) {
      throw new AssertionError("the command is not the service's");
    }
    return command;
  }

  /** Waits for the command that stores an edit of this session. */
  OverrideCommand write(String session) {
    return world.await(
        "write command",
        Topics.OVERRIDE_COMMANDS,
        OverrideCommand.class,
        c -> c.action() == OverrideCommand.Action.WRITE && session.equals(c.source().sessionId()));
  }

  /** Carries a write out. */
  OverrideReply written(OverrideCommand command) {
    OverrideReply reply =
        new OverrideReply(
            null,
            command.commandId(),
            command.user(),
            true,
            "ok",
            null,
            VERSIONS.incrementAndGet(),
            command.document(),
            null);
    send(reply);
    return reply;
  }

  /** Carries the command out: the user's document then holds this one override. */
  OverrideReply store(OverrideCommand command) {
    UserDocument.Tool tool =
        command.resource() == null
            ? new UserDocument.Tool(command.level(), null)
            : new UserDocument.Tool(
                null, Map.of(command.resource(), new UserDocument.Entry(command.level(), null)));
    UserDocument document = new UserDocument(1, null, Map.of(command.tool(), tool));
    OverrideReply reply =
        new OverrideReply(
            null,
            command.commandId(),
            command.user(),
            true,
            "ok",
            null,
            VERSIONS.incrementAndGet(),
            Json.mapper().valueToTree(document),
            null);
    send(reply);
    return reply;
  }

  /** Makes it so long since something was to be stored that nobody waits for it any longer. */
  static void takesTooLong(PromptState prompt) {
    Hold.run(
        "UPDATE prompt SET settling_since = settling_since - interval '1 hour' WHERE id = '"
            + prompt.promptId()
            + "'");
  }

  /** Empties the user's document again. */
  void clear(String user) {
    send(
        new OverrideReply(
            null,
            World.id("c"),
            user,
            true,
            "ok",
            null,
            VERSIONS.incrementAndGet(),
            Json.mapper().valueToTree(UserDocument.EMPTY),
            null));
  }

  /** Publishes a user's document as the store does after any change; returns its version. */
  long publish(String user, UserDocument document) {
    OverrideDocument event =
        new OverrideDocument(
            null, user, VERSIONS.incrementAndGet(), Json.mapper().valueToTree(document));
    publish(event);
    return event.version();
  }

  /** The same for a user who erased an earlier one; returns the version. */
  long publishAfterErase(String user, UserDocument document) {
    return publishAfterErase(
        user, document, new Erasure(VERSIONS.incrementAndGet(), World.id("erase")));
  }

  /** The same, for an erase that was told of before, or is told of late. */
  long publishAfterErase(String user, UserDocument document, Erasure erasure) {
    long version = VERSIONS.incrementAndGet();
    publish(
        new OverrideDocument(
            null,
            user,
            version,
            Json.mapper().valueToTree(document),
            erasure.version(),
            erasure.id()));
    return version;
  }

  void publish(OverrideDocument event) {
    byte[] value = Json.write(event);
    String signed = StoreSignature.ofDocument(signer, event.tenant(), value, Instant.now());
    publish(event, value, signed);
  }

  /** The same bytes so many times. */
  void publish(OverrideDocument event, int times) throws Exception {
    byte[] value = Json.write(event);
    String signed = StoreSignature.ofDocument(signer, event.tenant(), value, Instant.now());
    Map<String, String> headers = headers(event, signed);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      sent.add(world.wire.sendSoon(Topics.OVERRIDE_DOCUMENTS, event.key(), value, headers));
    }
    for (Future<RecordMetadata> one : sent) {
      one.get();
    }
  }

  /** The same, whoever signed it; null where nobody did. */
  RecordMetadata publish(OverrideDocument event, byte[] value, String signed) {
    return world.wire.send(Topics.OVERRIDE_DOCUMENTS, event.key(), value, headers(event, signed));
  }

  /** Publishes that a user's document was erased; returns the version. */
  long erase(String user) {
    return erase(user, VERSIONS.incrementAndGet());
  }

  /** The same, again or late, as the store said it before erases had ids. */
  long erase(String user, long version) {
    return erase(user, new Erasure(version, null));
  }

  /** The same, again or late. */
  long erase(String user, Erasure erasure) {
    Instant now = Instant.now();
    erase(user, erasure, StoreSignature.ofTombstone(signer, "default", user, erasure, now));
    return erasure.version();
  }

  /** The same, whoever signed it; null where nobody did. */
  void erase(String user, long version, String signed) {
    erase(user, new Erasure(version, null), signed);
  }

  private void erase(String user, Erasure erasure, String signed) {
    Map<String, String> headers = new HashMap<>();
    headers.put(Headers.CE_TENANT, "default");
    headers.put(Headers.VERSION, String.valueOf(erasure.version()));
    if (erasure.id() != null) {
      headers.put(Headers.ERASURE, erasure.id());
    }
    if (signed != null) {
      headers.put(Headers.ASSERTION, signed);
    }
    world.wire.send(Topics.OVERRIDE_DOCUMENTS, user, null, headers);
  }

  private static Map<String, String> headers(Event event, String signed) {
    Map<String, String> headers =
        new HashMap<>(CloudEvents.headers(event, "/test/store", World.id("e"), Instant.now()));
    if (signed != null) {
      headers.put(Headers.ASSERTION, signed);
    }
    return headers;
  }

  void refuse(OverrideCommand command) {
    refuse(command, "invalid_override");
  }

  void refuse(OverrideCommand command, String code) {
    send(
        new OverrideReply(
            null, command.commandId(), command.user(), false, code, "too broad", 0, null, null));
  }

  private void send(OverrideReply reply) {
    byte[] value = Json.write(reply);
    send(reply, value, StoreSignature.ofReply(signer, reply.tenant(), value, Instant.now()));
  }

  /** Sends a reply, whoever signed it; null where nobody did. */
  void send(OverrideReply reply, byte[] value, String signed) {
    world.wire.send(Topics.OVERRIDE_REPLIES, reply.user(), value, headers(reply, signed));
  }
}
