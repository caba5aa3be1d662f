package dev.countersign.store.publishing;

import dev.countersign.protocol.Topics;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** {@code override.documents} as a reader sees it. For one thread; it fails when Kafka is away. */
final class DocumentsTopic implements AutoCloseable {
  private static final String NAME = Topics.OVERRIDE_DOCUMENTS;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int TIMEOUT_MILLIS = 5000;

  private final KafkaConsumer<String, byte[]> consumer;
  private final Admin admin;
  private final KafkaClientMetrics meters;
  private final List<TopicPartition> partitions;

  DocumentsTopic(Map<String, Object> broker) {
    consumer = consumer(broker);
    try {
      partitions =
          consumer.partitionsFor(NAME).stream()
              .map(info -> new TopicPartition(NAME, info.partition()))
              .toList();
      consumer.assign(partitions);
      admin = admin(broker);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    // As Quarkus does it for the consumers of channels.
    meters = new KafkaClientMetrics(consumer);
    meters.bindTo(Metrics.globalRegistry);
  }

  private static KafkaConsumer<String, byte[]> consumer(Map<String, Object> broker) {
    Map<String, Object> settings = new HashMap<>(broker);
    settings.keySet().retainAll(ConsumerConfig.configNames());
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "permission-store.documents");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static Admin admin(Map<String, Object> broker) {
    Map<String, Object> settings = new HashMap<>(broker);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "permission-store.documents");
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    return Admin.create(settings);
  }

  /** Given by the brokers; the same name made again has another one. */
  String id() {
    try {
      return admin
          .describeTopics(List.of(NAME))
          .allTopicNames()
          .get()
          .get(NAME)
          .topicId()
          .toString();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the brokers do not know the topic", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Where each partition ends now. */
  Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new HashMap<>();
    consumer.endOffsets(partitions).forEach((p, end) -> ends.put(p.partition(), end));
    return ends;
  }

  /** Reads from here on; a partition that is not named from its beginning. */
  void seek(Map<Integer, Long> offsets) {
    for (TopicPartition partition : partitions) {
      Long offset = offsets.get(partition.partition());
      if (offset == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, offset);
      }
    }
  }

  /** Up to which offset each partition was read. */
  Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new HashMap<>();
    partitions.forEach(p -> positions.put(p.partition(), consumer.position(p)));
    return positions;
  }

  ConsumerRecords<String, byte[]> poll() {
    return consumer.poll(POLL);
  }

  @Override
  public void close() {
    meters.close();
    consumer.close();
    admin.close(Duration.ofSeconds(1));
  }
}
