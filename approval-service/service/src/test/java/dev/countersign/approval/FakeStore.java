package dev.countersign.approval;

import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Plays the permission store for one test. */
final class FakeStore {
  private static final AtomicLong VERSIONS = new AtomicLong();

  private final World world;

  FakeStore(World world) {
    this.world = world;
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

  void publish(OverrideDocument event) {
    world.wire.send(
        Topics.OVERRIDE_DOCUMENTS,
        event.user(),
        Json.write(event),
        new HashMap<>(CloudEvents.headers(event, "/test/store", World.id("e"), Instant.now())));
  }

  /** Publishes that a user's document was erased. */
  void erase(String user) {
    world.wire.send(
        Topics.OVERRIDE_DOCUMENTS,
        user,
        null,
        Map.of(
            Headers.CE_TENANT,
            "default",
            Headers.VERSION,
            String.valueOf(VERSIONS.incrementAndGet())));
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
    world.wire.send(
        Topics.OVERRIDE_REPLIES,
        reply.user(),
        Json.write(reply),
        new HashMap<>(CloudEvents.headers(reply, "/test/store", World.id("e"), Instant.now())));
  }
}
