package dev.countersign.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenSigner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** Session commands of one person as they go over Kafka, whatever stands in their settings. */
final class CommandWire implements AutoCloseable {
  /** How a setting was refused. */
  record Refusal(String code, String field, String detail) {}

  private final TokenSigner signer;
  private final String person;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Map<String, SessionReply> replies = new HashMap<>();

  CommandWire(Stack stack, String person) {
    this.signer = stack.keys().signer(DevKeys.GATEWAY);
    this.person = person;
    Map<String, Object> broker = Map.of("bootstrap.servers", stack.bootstrapServers());
    Map<String, Object> sending = new HashMap<>(broker);
    sending.put("linger.ms", 0);
    producer = new KafkaProducer<>(sending, new StringSerializer(), new ByteArraySerializer());
    consumer = new KafkaConsumer<>(broker, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.SESSION_REPLIES).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /** Sends a command with these settings, which must be refused. */
  Refusal refused(String sessionId, String action, String settings) {
    String commandId = UUID.randomUUID().toString();
    ObjectNode command = Json.mapper().createObjectNode();
    command.put("commandId", commandId).put("sessionId", sessionId).put("action", action);
    command.set("settings", Json.readTree(settings.getBytes(StandardCharsets.UTF_8)));
    byte[] value = Json.write(command);
    String assertion =
        signer.signAssertion(
            person,
            DevKeys.TENANT,
            List.of(Roles.APPROVER),
            EventType.SESSION_COMMANDED.ceType(),
            value,
            Map.of(),
            Instant.now());
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.SESSION_COMMANDS, sessionId, value);
    record.headers().add(Headers.ASSERTION, assertion.getBytes(StandardCharsets.UTF_8));
    producer.send(record);
    SessionReply reply = reply(commandId);
    if (reply.ok()) {
      throw new AssertionError("was carried out: " + settings);
    }
    return new Refusal(reply.code(), reply.field(), reply.detail());
  }

  private SessionReply reply(String commandId) {
    return Awaitility.await("reply to " + commandId)
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .pollInSameThread()
        .until(
            () -> {
              consumer
                  .poll(Duration.ofMillis(20))
                  .forEach(
                      record -> {
                        SessionReply read = Json.read(record.value(), SessionReply.class);
                        replies.put(read.commandId(), read);
                      });
              return replies.remove(commandId);
            },
            found -> found != null);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
    consumer.close();
  }
}
