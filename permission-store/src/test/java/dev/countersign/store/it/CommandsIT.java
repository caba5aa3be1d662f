package dev.countersign.store.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
}
