package dev.countersign.approval.kafka;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.approval.BackendsResource;
import dev.countersign.approval.kafka.KafkaSender.KafkaUnavailableException;
import dev.countersign.meters.RecordMeters;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No dead letter is lost because a broker did not know their topic yet. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class DeadLetterTopicIT {
  @Inject KafkaSettings kafka;
  @Inject RecordMeters meters;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger unknown = new AtomicInteger();
  private final String mark = UUID.randomUUID().toString();
  private ReplyTopics topics;
  private KafkaSender sender;

  /** Real brokers, that do not know the topic of dead letters for so many answers. */
  private final class Starting implements ReplyTopics.Brokers {
    private final ReplyTopics.Brokers real = ReplyTopics.brokers(kafka);

    @Override
    public Map<String, KafkaFuture<TopicDescription>> describe(Collection<String> asked) {
      Map<String, KafkaFuture<TopicDescription>> answers = new HashMap<>(real.describe(asked));
      if (asked.contains(Topics.DEAD_LETTERS) && unknown.getAndDecrement() > 0) {
        KafkaFutureImpl<TopicDescription> no = new KafkaFutureImpl<>();
        no.completeExceptionally(new UnknownTopicOrPartitionException("no such topic"));
        answers.put(Topics.DEAD_LETTERS, no);
      }
      return answers;
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @BeforeEach
  void sender() {
    topics = new ReplyTopics(new Starting(), clock::get);
    sender = new KafkaSender(kafka, topics, meters);
  }

  @AfterEach
  void close() {
    sender.close();
    topics.close();
  }

  private void later(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private Outgoing letter() {
    return DeadLetters.of(new Source(Topics.REQUESTS, 0, 7), "malformed_json", mark, Instant.now());
  }

  private Outgoing reply() {
    byte[] value = mark.getBytes(StandardCharsets.UTF_8);
    return new Outgoing(Topics.REPLIES, value, value, Map.of(), null);
  }

  private long found(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            kafka.consumer(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      long found = 0;
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          found += isOurs(record) ? 1 : 0;
        }
      }
      return found;
    }
  }

  private boolean isOurs(ConsumerRecord<byte[], byte[]> record) {
    return record.topic().equals(Topics.DEAD_LETTERS)
        ? mark.equals(Json.read(record.value(), DeadLetter.class).detail())
        : mark.equals(new String(record.value(), StandardCharsets.UTF_8));
  }

  @Test
  void aDeadLetterIsKeptWhereABrokerThatStartsDoesNotKnowItsTopicYet() {
    unknown.set(1);
    assertNotNull(topics.check(Topics.DEAD_LETTERS), "health says what the brokers say");
    assertThrows(KafkaUnavailableException.class, () -> sender.sendAll(List.of(reply(), letter())));
    assertEquals(1, found(Topics.REPLIES), "the others are sent");
    later(1500);
    sender.sendAll(List.of(letter()));
    assertEquals(1, found(Topics.DEAD_LETTERS));
    assertNull(topics.check(Topics.DEAD_LETTERS));
  }

  @Test
  void withoutATopicForDeadLettersDecisionsGoOnAfterTenSeconds() {
    unknown.set(Integer.MAX_VALUE);
    for (int i = 0; i < 7; i++) {
      assertThrows(KafkaUnavailableException.class, () -> sender.sendAll(List.of(letter())));
      later(1500);
    }
    assertDoesNotThrow(() -> sender.sendAll(List.of(reply(), letter())));
    assertEquals(1, found(Topics.REPLIES));
    assertEquals(0, found(Topics.DEAD_LETTERS));
    later(3_600_000);
    assertDoesNotThrow(() -> sender.sendAll(List.of(letter())));
    assertNotNull(topics.check(Topics.DEAD_LETTERS));
  }
}
