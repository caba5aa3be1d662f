package dev.countersign.store.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What cannot be carried out is answered where its sender is proven, and never costs a neighbour.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class BadCommandsIT {
  private static World world;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static void refused(OverrideCommand command, String code) {
    world.send(command);
    OverrideReply reply = world.reply(command.commandId());
    assertFalse(reply.ok());
    assertEquals(code, reply.code());
    world.deadLetter(command.user(), code);
    assertEquals(0, World.historyLines(command.user()));
  }

  /** Proves that a record before it was passed over: one after it, of the same user, is handled. */
  private static void silent(String user, String code) {
    DeadLetter letter = world.deadLetter(user, code);
    OverrideCommand next = World.set(user, "Read", null, "ask");
    world.send(next);
    assertEquals(1, world.reply(next.commandId()).version());
    assertEquals(1, world.replies.all().filter(r -> user.equals(r.key())).count());
    assertFalse(letter.headers().containsKey(Headers.ASSERTION));
  }

  @Test
  void whatCannotBeSettledIsRefused() {
    refused(World.set(World.newUser(), "Bash", null, "Always"), "invalid_override");
    refused(World.set(World.newUser(), "Bash", null, null), "invalid_override");
    refused(World.set(World.newUser(), "Ba\u0000sh", null, "ask"), "invalid_override");
    refused(World.set(World.newUser(), "Bash", "a\u0007b", "ask"), "invalid_override");
    refused(World.set(World.newUser(), "*", null, "always"), "invalid_override");
    refused(World.set(World.newUser(), "Bash", "**", "always"), "invalid_override");
  }

  @Test
  void aCommandThatTheStoreFailsOnIsGivenUpAndThoseBehindItAreCarriedOut() {
    String user = World.newUser();
    World.update(
        "insert into user_permissions (tenant, user_id, version, document, published_version,"
            + " updated_at) values ('default', ?, 1, 'no document', 1, now())",
        user);
    try {
      OverrideCommand faulty = World.set(user, "Bash", null, "ask");
      OverrideCommand next = World.set(World.newUser(), "Bash", null, "ask");
      world.send(faulty);
      world.send(next);
      OverrideReply reply = world.reply(faulty.commandId());
      assertFalse(reply.ok());
      assertEquals("internal_error", reply.code());
      world.deadLetter(user, "internal_error");
      assertTrue(world.reply(next.commandId()).ok());
      OverrideCommand later = World.set(World.newUser(), "Bash", null, "ask");
      world.send(later);
      assertTrue(world.reply(later.commandId()).ok());
    } finally {
      World.update("delete from user_permissions where user_id = ?", user);
    }
  }

  @Test
  void aRemarkThatPostgresRefusesCostsNobodyTheOverride() {
    String user = World.newUser();
    OverrideCommand good = World.set(user, "Bash", null, "ask");
    world.send(
        new OverrideCommand(
            null,
            good.commandId(),
            user,
            good.action(),
            "Bash",
            null,
            "ask",
            false,
            new ChangeSource(ChangeSource.Via.PROMPT, "x", "p-1", "two\nlines\u0000")));
    assertTrue(world.reply(good.commandId()).ok());
    assertEquals(
        1,
        World.number(
            "select count(*) from permission_history where user_id = ? and note = ?",
            user,
            "two\nlines\uFFFD"));
  }

  @Test
  void whatMayBeAbsentMayBeAbsent() {
    String user = World.newUser();
    String plain =
        "{\"commandId\":\"%s-1\",\"user\":\"%s\",\"action\":\"set\",\"tool\":\"Read\",\"level\":\"ask\","
                .formatted(user, user)
            + "\"source\":{\"via\":\"agent\",\"actor\":\"a\"},\"later\":\"unknown\"}";
    world.send(user, plain.getBytes(StandardCharsets.UTF_8), null);
    assertTrue(world.reply(user + "-1").ok());
  }

  @Test
  void aRefusedCommandSentAgainGetsTheSameRefusal() {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", null, "NEVER");
    world.send(command);
    world.send(command);
    var records = world.replies.await(2, r -> r.key().equals(user));
    assertEquals(
        new String(records.get(0).value(), StandardCharsets.UTF_8),
        new String(records.get(1).value(), StandardCharsets.UTF_8));
  }

  @Test
  void anIdUsedForAnotherCommandIsRefused() {
    String user = World.newUser();
    OverrideCommand first = World.set(user, "Bash", null, "ask");
    world.send(first);
    world.reply(first.commandId());
    world.send(
        new OverrideCommand(
            null,
            first.commandId(),
            user,
            first.action(),
            "Bash",
            null,
            "always",
            false,
            first.source()));
    world.deadLetter(user, "command_id_reused");
    assertEquals(1, World.historyLines(user));
  }

  @Test
  void recordsThatAreNoCommandAreAnsweredWhereTheSenderIsProven() {
    String user = World.newUser();
    world.send(user, "{\"commandId\":\"c-1\",".getBytes(StandardCharsets.UTF_8), null);
    world.deadLetter(user, "malformed_json");
    world.send(user, Json.write(Map.of("commandId", user + "-2")), null);
    assertEquals("invalid_user", world.reply(user + "-2").code());
    world.send(user, (" ".repeat(1024 * 1024) + "{}").getBytes(StandardCharsets.UTF_8), null);
    world.deadLetter(user, "too_large");
    String half = "{\"commandId\":\"%s-3\",\"action\":\"\\ud800\"}".formatted(user);
    world.send(user, half.getBytes(StandardCharsets.UTF_8), null);
    assertEquals("invalid_override", world.reply(user + "-3").code());
    OverrideCommand command = World.set(user, "Bash", null, "ask");
    world.send("other", Json.write(command), null);
    assertEquals("key_mismatch", world.reply(command.commandId()).code());
    OverrideCommand keyless = World.set(user, "Bash", null, "ask");
    world.send(null, Json.write(keyless), null);
    assertEquals("null_key", world.reply(keyless.commandId()).code());
    byte[] foreign =
        new String(Json.write(World.set(user, "Bash", null, "ask")), StandardCharsets.UTF_8)
            .replace(user, "Zoë")
            .getBytes(StandardCharsets.UTF_8);
    world.send("Zoë", foreign, null);
    world.deadLetter("Zoë", "invalid_user");
    assertEquals(0, World.historyLines(user));
  }

  @Test
  void whoIsNotProvenIsNotAnswered() {
    String user = World.newUser();
    byte[] value = Json.write(World.set(user, "Bash", null, "always"));
    world.send(user, value, null, null);
    silent(user, "missing_token");

    String other = World.newUser();
    byte[] another = Json.write(World.set(other, "Bash", null, "always"));
    world.send(other, another, world.asService(value), null);
    silent(other, "bad_signature");

    String third = World.newUser();
    byte[] late = Json.write(World.set(third, "Bash", null, "always"));
    String expired =
        world
            .keys
            .signer(DevKeys.APPROVAL)
            .signAssertion(
                "approval-service",
                DevKeys.TENANT,
                List.of("service"),
                EventType.OVERRIDE_COMMANDED.ceType(),
                late,
                Map.of(),
                Instant.now().minus(Duration.ofMinutes(5)));
    world.send(third, late, expired, null);
    silent(third, "expired_token");

    String fourth = World.newUser();
    world.send(fourth, null, world.asService(value), null);
    silent(fourth, "malformed_json");
  }

  @Test
  void onlyTheServiceTheUserAndAdminsMay() {
    String user = World.newUser();
    assertEquals("not_authorised", codeAs("someone", List.of(), Map.of(), user));
    assertEquals("not_authorised", codeAs(user, List.of(), Map.of("acting_session", "s-1"), user));
    assertEquals("not_authorised", codeAs("approval-service", List.of("approver"), Map.of(), user));
    assertEquals("ok", codeAs(user, List.of(), Map.of(), user));
    assertEquals("ok", codeAs("root", List.of("admin"), Map.of(), user));
    assertEquals(2, World.historyLines(user));
    assertTrue(
        World.number(
                "select count(*) from permission_history where user_id = ? and actor = 'root'"
                    + " and via = 'dashboard'",
                user)
            == 1);
  }

  private static String codeAs(
      String person, List<String> roles, Map<String, ?> extra, String user) {
    OverrideCommand command = World.set(user, "Bash", null, "ask");
    byte[] value = Json.write(command);
    world.send(user, value, world.asPerson(person, roles, extra, value), null);
    return world.reply(command.commandId()).code();
  }
}
