package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/** What every agent relies on, whatever happened in between. */
final class Decisions {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Decisions() {}

  /**
   * Waits for the decision of a question and proves that there is exactly one: over HTTP, in every
   * copy on the reply topic, in the one receipt, and in every copy of that on its topic.
   */
  static PermissionReply theOne(Agent agent, String requestId, String bootstrapServers) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> agent.read(requestId, 5).decision() != null);
    PermissionReply decision = agent.read(requestId, 0).decision();
    assertNotNull(decision);
    // One is listed once no transaction goes on that began before it.
    List<Receipt> receipts =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> agent.receipts(requestId), listed -> !listed.isEmpty());
    assertEquals(1, receipts.size(), receipts::toString);
    assertEquals(decision, receipts.get(0).decision());
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertEquals(Set.of(decision), replies(bootstrapServers, agent, requestId)));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    Set.of(gist(decision)), published(bootstrapServers, agent, requestId)));
    return decision;
  }

  private static Set<PermissionReply> replies(String bootstrap, Agent agent, String requestId) {
    Set<PermissionReply> replies = new HashSet<>();
    for (ConsumerRecord<String, byte[]> record : all(bootstrap, Topics.REPLIES)) {
      if (requestId.equals(record.key())) {
        PermissionReply reply = Json.read(record.value(), PermissionReply.class);
        if (agent.sessionId().equals(reply.sessionId())) {
          replies.add(reply);
        }
      }
    }
    return replies;
  }

  /** What the topic of receipts says of a decision: no text and no names. */
  private static List<Object> gist(PermissionReply decision) {
    return List.of(
        decision.requestId(),
        decision.effect(),
        decision.decidedBy(),
        decision.code(),
        decision.execution(),
        decision.unproven(),
        decision.decidedAt());
  }

  private static Set<List<Object>> published(String bootstrap, Agent agent, String requestId) {
    Set<List<Object>> decisions = new HashSet<>();
    for (ConsumerRecord<String, byte[]> record : all(bootstrap, Topics.RECEIPTS)) {
      PermissionReply decision = Json.read(record.value(), Receipt.class).decision();
      if (requestId.equals(decision.requestId())
          && agent.sessionId().equals(decision.sessionId())) {
        decisions.add(gist(decision));
      }
    }
    return decisions;
  }

  /** Every record that a topic holds now. */
  static List<ConsumerRecord<String, byte[]>> all(String bootstrap, String topic) {
    return all(Map.of("bootstrap.servers", bootstrap), topic);
  }

  /**
   * Every record that a topic holds now.
   *
   * @param client how the broker is reached, by the names of Kafka's clients
   */
  static List<ConsumerRecord<String, byte[]>> all(Map<String, Object> client, String topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }
}
