package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What came back from now on, by id or by place, with the broker's time of it. Keeps no values, so
 * that hundreds of thousands fit.
 */
final class Ledger implements AutoCloseable {
  /** Where replies come, and the field that names what they answer. */
  private static final Map<String, String> REPLIES =
      Map.of(
          Topics.REPLIES, "requestId",
          Topics.SESSION_REPLIES, "commandId",
          Topics.OVERRIDE_REPLIES, "commandId",
          Topics.ANSWER_REPLIES, "answerId");

  /**
   * @param at when the broker took it
   * @param good whether it says that all went well
   */
  record Reply(long at, boolean good) {}

  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
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
        Stream.concat(REPLIES.keySet().stream(), Stream.of(Topics.DEAD_LETTERS))
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
    JsonNode value = json(record.value());
    if (record.topic().equals(Topics.DEAD_LETTERS)) {
      letters.put(
          value.path("topic").asText()
              + "/"
              + value.path("partition").asText()
              + "/"
              + value.path("offset").asText(),
          value.path("code").asText());
    } else {
      boolean good =
          value.path("effect").asText().equals("allow")
              || value.path("ok").asBoolean()
              || value.path("outcome").asText().equals("accepted");
      String id = value.path(REPLIES.get(record.topic())).asText();
      replies.putIfAbsent(id, new Reply(record.timestamp(), good));
    }
  }

  /** Bad records stand on topics of replies, too. */
  private static JsonNode json(byte[] value) {
    try {
      return Json.readTree(value == null ? new byte[0] : value);
    } catch (InvalidEventException e) {
      return Json.mapper().missingNode();
    }
  }

  /** The first reply to what has this id; null while there is none. */
  Reply replyTo(String id) {
    return replies.get(id);
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
