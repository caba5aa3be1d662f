package dev.countersign.approval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What came back from now on, by id or by place, with the broker's time of it. Keeps no values, so
 * that hundreds of thousands fit.
 */
final class Ledger implements AutoCloseable {
  private static final List<String> TOPICS = List.of(Topics.REPLIES, Topics.DEAD_LETTERS);

  private final Map<String, Long> replies = new ConcurrentHashMap<>();
  private final Map<String, String> letters = new ConcurrentHashMap<>();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread = new Thread(this::read, "ledger");
  private volatile boolean stopped;

  Ledger(String bootstrap) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        TOPICS.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToEnd(all);
    all.forEach(consumer::position);
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    while (!stopped) {
      consumer.poll(Duration.ofMillis(100)).forEach(this::note);
    }
    consumer.close();
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    JsonNode value = Json.readTree(record.value());
    if (record.topic().equals(Topics.REPLIES)) {
      replies.putIfAbsent(value.path("requestId").asText(), record.timestamp());
    } else {
      letters.put(
          value.path("topic").asText()
              + "/"
              + value.path("partition").asText()
              + "/"
              + value.path("offset").asText(),
          value.path("code").asText());
    }
  }

  /** When the broker took the first reply to a request; null while there is none. */
  Long repliedAt(String request) {
    return replies.get(request);
  }

  /** Under which code a record was dead-lettered; null while it is not. */
  String codeOf(String place) {
    return letters.get(place);
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join();
  }
}
