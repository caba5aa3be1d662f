package dev.countersign.approval;

import dev.countersign.embedded.DecodedHeaders;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces anything, and sees everything that is produced. */
final class Wire {
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<ConsumerRecord<byte[], byte[]>> seen = new CopyOnWriteArrayList<>();

  Wire(String bootstrap) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "max.request.size", 4 * 1024 * 1024),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    Thread reader = new Thread(() -> read(bootstrap), "wire");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(String bootstrap) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          Topics.ALL.stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (true) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> seen.add(DecodedHeaders.of(record)));
      }
    }
  }

  RecordMetadata send(String topic, String key, byte[] value, Map<String, String> headers) {
    try {
      return sendSoon(topic, key, value, headers).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  Future<RecordMetadata> sendSoon(
      String topic, String key, byte[] value, Map<String, String> headers) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
    headers.forEach((name, v) -> record.headers().add(name, v.getBytes(StandardCharsets.UTF_8)));
    return producer.send(record);
  }

  Stream<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return seen.stream().filter(r -> r.topic().equals(topic));
  }

  <T> Stream<T> values(String topic, Class<T> type) {
    return records(topic)
        .filter(r -> r.value() != null)
        .map(r -> tolerant(r.value(), type))
        .filter(Objects::nonNull);
  }

  private static <T> T tolerant(byte[] value, Class<T> type) {
    try {
      return Json.read(value, type);
    } catch (RuntimeException e) {
      return null;
    }
  }
}
