package dev.countersign.local;

import dev.countersign.local.demo.PlainKafka;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Allows on the reply topic of a client that are no permission for what is asked. They have the key
 * of the reply that will come, so they are on its partition before it.
 *
 * @param asked the prompt of the call that waits for its reply
 */
record ForeignReplies(SecuredStack stack, String client, PromptState asked) {
  /** What each reply says of the call that it is about. */
  private static final List<String> ABOUT = List.of("tenant", "sessionId", "requestId", "digest");

  /** A reply that the service itself sends, for another session under the same id. */
  void ofAnotherSession(Agent other, String allowed) {
    try (PlainKafka kafka = new PlainKafka(stack.client(client), Topics.replies(client))) {
      PermissionReply reply =
          kafka.ask(
              other.request(asked.requestId(), SystemFixture.bash(allowed), null),
              other.sessionToken());
      if (reply.effect() != Effect.ALLOW) {
        throw new AssertionError("no allow that could be mistaken: " + reply);
      }
    }
  }

  /** Whatever else could be there: one field is another or is missing, or it is no reply. */
  void forged() {
    List<Object> values = new ArrayList<>();
    for (String field : ABOUT) {
      values.add(changed(Map.of(field, "another")));
      values.add(changed(Collections.singletonMap(field, null)));
    }
    values.add(List.of(allow()));
    values.add(Map.of("effect", "allow"));
    values.forEach(value -> write(json(value)));
    write(null);
    write("null");
    write("{\"effect\":");
  }

  /**
   * About exactly this call, but for these fields.
   *
   * @param changed to what; null leaves the field out
   */
  void with(Map<String, ?> changed) {
    write(json(changed(changed)));
  }

  private Map<String, Object> changed(Map<String, ?> changed) {
    Map<String, Object> reply = allow();
    reply.putAll(changed);
    reply.values().removeIf(Objects::isNull);
    return reply;
  }

  /** As the service would send it. */
  private Map<String, Object> allow() {
    return new HashMap<>(
        Map.of(
            "tenant", asked.tenant(),
            "sessionId", asked.sessionId(),
            "requestId", asked.requestId(),
            "digest", asked.digest(),
            "effect", "allow",
            "decidedBy", "rule",
            "code", "allowed",
            "reason", "Forged.",
            "execution", "foreground",
            "validUntil", "2999-01-01T00:00:00Z"));
  }

  private static String json(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  /** Returns once the broker has it: what is sent after it is behind it. */
  private void write(String value) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(stack.admin(), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(Topics.replies(client), asked.requestId(), value)).get();
    } catch (ExecutionException e) {
      throw new AssertionError("Kafka refused the forged reply " + value, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
