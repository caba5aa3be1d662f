package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a reader of {@code override.documents} knows: the last record of every user. */
final class LatestDocuments implements AutoCloseable {
  /**
   * The last record of a user.
   *
   * @param document null after an erase
   */
  record Latest(long version, JsonNode document) {}

  private final Map<String, Latest> latest = new HashMap<>();
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<TopicPartition> partitions;
  private int older;

  LatestDocuments(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    partitions =
        consumer.partitionsFor(Topics.OVERRIDE_DOCUMENTS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads what is there now, and returns all that is known then. */
  Map<String, Latest> read() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      consumer.poll(Duration.ofMillis(100)).forEach(this::take);
    }
    return latest;
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null && record.headers().lastHeader(Headers.VERSION) == null) {
      // Another test's: the store sends no tombstone without its version.
      return;
    }
    Latest now = latest(record);
    Latest before = latest.put(record.key(), now);
    if (before != null && before.version() > now.version()) {
      older++;
    }
  }

  private static Latest latest(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      String version =
          new String(
              record.headers().lastHeader(Headers.VERSION).value(), StandardCharsets.US_ASCII);
      return new Latest(Long.parseLong(version), null);
    }
    JsonNode value = Json.readTree(record.value());
    return new Latest(value.path("version").longValue(), value.path("document"));
  }

  /** How often an older document came after a newer one of the same user. */
  int olderAfterNewer() {
    return older;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
