package dev.countersign.approval.overrides;

import dev.countersign.approval.kafka.KafkaSettings;
import dev.countersign.approval.overrides.ProjectionStore.Topic;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic {@code override.documents} as one reader sees it. For one thread. */
final class DocumentTopic implements AutoCloseable {
  private static final int API_TIMEOUT_MILLIS = 5000;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final String CLIENT = "approval-service.documents";

  private final Consumer<byte[], byte[]> consumer;
  private final Admin admin;
  private final KafkaClientMetrics meters;
  private List<TopicPartition> partitions = List.of();

  DocumentTopic(KafkaSettings kafka) {
    consumer = consumer(kafka);
    admin = admin(kafka);
    // As Quarkus does it for the consumers of channels.
    meters = new KafkaClientMetrics(consumer);
    meters.bindTo(Metrics.globalRegistry);
  }

  private static Consumer<byte[], byte[]> consumer(KafkaSettings kafka) {
    Map<String, Object> config =
        kafka.consumer(
            Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                CLIENT,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                8 * 1024 * 1024,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                API_TIMEOUT_MILLIS));
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Admin admin(KafkaSettings kafka) {
    return Admin.create(
        kafka.admin(
            Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG, CLIENT,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS)));
  }

  /**
   * Which topic it is at present.
   *
   * @throws IllegalStateException if the brokers do not say
   */
  Topic present() {
    String name = Topics.OVERRIDE_DOCUMENTS;
    try {
      return new Topic(
          name,
          admin.describeTopics(List.of(name)).allTopicNames().get().get(name).topicId().toString());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the brokers do not say which topic " + name + " is", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Reads all partitions from now on, each from its beginning until {@link #seek} says otherwise.
   *
   * @return where each ends at present
   */
  Map<Integer, Long> assign() {
    partitions =
        consumer.partitionsFor(Topics.OVERRIDE_DOCUMENTS).stream()
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException("there is no topic " + Topics.OVERRIDE_DOCUMENTS);
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return ends();
  }

  void seek(int partition, long offset) {
    consumer.seek(new TopicPartition(Topics.OVERRIDE_DOCUMENTS, partition), offset);
  }

  /** Where each partition ends at present. */
  Map<Integer, Long> ends() {
    Map<Integer, Long> ends = new HashMap<>();
    consumer.endOffsets(partitions).forEach((p, end) -> ends.put(p.partition(), end));
    return ends;
  }

  ConsumerRecords<byte[], byte[]> poll() {
    return consumer.poll(POLL);
  }

  /** How far each partition was polled. */
  Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new HashMap<>();
    partitions.forEach(p -> positions.put(p.partition(), consumer.position(p)));
    return positions;
  }

  @Override
  public void close() {
    try (admin) {
      meters.close();
      consumer.close();
    }
  }
}
