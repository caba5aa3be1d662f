package dev.countersign.store.it;

import dev.countersign.embedded.DecodedHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/** Reads a whole topic from its start, in a thread of its own, and keeps every record. */
final class TopicReader implements AutoCloseable {
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<ConsumerRecord<String, byte[]>> records = new CopyOnWriteArrayList<>();
  private final List<Integer> partitions;
  private final Thread thread;

  TopicReader(String bootstrap, String topic) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    partitions = all.stream().map(TopicPartition::partition).toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
    thread = new Thread(this::read, "reader-" + topic);
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      while (true) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(record -> records.add(DecodedHeaders.of(record)));
      }
    } catch (WakeupException e) {
      consumer.close();
    }
  }

  List<Integer> partitions() {
    return partitions;
  }

  Stream<ConsumerRecord<String, byte[]>> all() {
    return records.stream();
  }

  /** The first record that fits, waiting for it. */
  ConsumerRecord<String, byte[]> await(Predicate<ConsumerRecord<String, byte[]>> fits) {
    return await(1, fits).get(0);
  }

  /** At least so many records that fit, waiting for them. */
  List<ConsumerRecord<String, byte[]>> await(
      int count, Predicate<ConsumerRecord<String, byte[]>> fits) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> records.stream().filter(fits).toList(), found -> found.size() >= count);
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
