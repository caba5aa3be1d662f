package dev.countersign.store.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Commands over Kafka: what they change, and what their senders hear. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CommandsIT {
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
  void aCommandIsStoredThenAnsweredThenPublished() {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "npm test", "always");

    world.send(user, Json.write(command), "gateway-7");

    OverrideReply reply = world.reply(command.commandId());
    assertTrue(reply.ok(), reply.detail());
    assertEquals(1, reply.version());
    assertEquals(
        "always",
        reply.document().at("/tools/Bash/resources/npm test/level").textValue(),
        reply.document().toString());
    OverrideDocument document = world.document(user, 1);
    assertEquals(1, document.version());
    assertEquals(reply.document(), document.document());
    ConsumerRecord<String, byte[]> record = world.replies.await(r -> r.key().equals(user));
    assertEquals(
        "gateway-7",
        new String(record.headers().lastHeader(Headers.REPLY_TO).value(), StandardCharsets.UTF_8));
  }

  @Test
  void aCommandSentAgainChangesNothingAndGetsTheSameReply() {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    OverrideCommand other = World.set(user, "Read", null, "ask");

    world.send(command);
    world.send(other);
    world.reply(other.commandId());
    world.send(command);

    List<ConsumerRecord<String, byte[]>> records =
        world.replies.await(3, r -> r.key().equals(user));
    assertArrayEquals(records.get(0).value(), records.get(2).value());
    assertEquals(2, World.historyLines(user));
    assertEquals(2, World.number("select version from user_permissions where user_id = ?", user));
  }

  @Test
  void aWholeDocumentIsWrittenOnlyInPlaceOfTheVersionItNames() {
    String user = World.newUser();
    world.send(World.set(user, "Bash", "git push *", "ask"));
    world.document(user, 1);
    JsonNode document =
        Json.mapper()
            .valueToTree(
                Map.of("tools", Map.of("Bash", Map.of("level", "never", "resources", Map.of()))));
    OverrideCommand late = write(user, document, 0);
    world.send(late);
    OverrideReply conflict = world.reply(late.commandId());
    assertEquals("version_conflict", conflict.code());
    assertEquals(1, conflict.version());

    OverrideCommand command = write(user, document, 1);
    world.send(command);
    world.send(command);

    OverrideReply reply = world.reply(command.commandId());
    assertTrue(reply.ok(), reply.detail());
    assertEquals(2, reply.version());
    assertEquals("never", reply.document().at("/tools/Bash/level").textValue());
    world.replies.await(4, r -> r.key().equals(user));
    assertEquals(2, World.historyLines(user));
    assertEquals(
        1,
        World.number(
            "select count(*) from permission_history where user_id = ? and version = 2"
                + " and action = 'write' and via = 'prompt' and prompt_id = 'p-1'"
                + " and session_id = 's-1' and actor = 'mira'",
            user));
  }

  @Test
  void aWriteNeedsItsDocumentAndItsVersion() {
    String user = World.newUser();
    String id = user + "-1";
    String half =
        "{\"commandId\":\"%s\",\"user\":\"%s\",\"action\":\"write\",\"expectedVersion\":0,"
                .formatted(id, user)
            + "\"source\":{\"via\":\"prompt\",\"actor\":\"a\"}}";
    world.send(user, half.getBytes(StandardCharsets.UTF_8), null);
    assertEquals("invalid_override", world.reply(id).code());
    assertEquals(0, World.historyLines(user));
  }

  private static OverrideCommand write(String user, JsonNode document, long version) {
    return OverrideCommand.write(
        null,
        UUID.randomUUID().toString(),
        user,
        document,
        version,
        new ChangeSource(ChangeSource.Via.PROMPT, "mira", "p-1", null, "s-1"));
  }
}
