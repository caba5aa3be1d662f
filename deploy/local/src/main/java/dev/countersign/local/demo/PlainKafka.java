package dev.countersign.local.demo;

import dev.countersign.local.LaunchException;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** An agent that speaks Kafka and nothing else: a record with a token in, a record back. */
public final class PlainKafka implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String replies;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;

  /**
   * @param settings how it reaches the broker, by the names of Kafka's clients
   * @param replies the topic of its own where it hears decisions; its tokens must allow it
   */
  public PlainKafka(Map<String, Object> settings, String replies) {
    this.replies = replies;
    Map<String, Object> sending = new HashMap<>(settings);
    sending.put("linger.ms", 0);
    producer = new KafkaProducer<>(sending, new StringSerializer(), new ByteArraySerializer());
    Map<String, Object> reading = new HashMap<>(settings);
    reading.put("auto.offset.reset", "earliest");
    consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(replies).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
  }

  /**
   * Sends a request and returns the first decision that comes back for exactly this call.
   *
   * @throws LaunchException if none comes, or if it is an allow that does not hold
   */
  public PermissionReply ask(PermissionRequest request, String sessionToken) {
    consumer.seekToEnd(List.of());
    consumer.assignment().forEach(consumer::position);
    send(request, sessionToken);
    for (long deadline = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < deadline; ) {
      var reply =
          StreamSupport.stream(consumer.poll(Duration.ofMillis(200)).spliterator(), false)
              .filter(record -> request.requestId().equals(record.key()))
              .flatMap(record -> replyIn(record.value(), request).stream())
              .findFirst();
      if (reply.isPresent()) {
        return requireValid(reply.get(), Instant.now());
      }
    }
    throw new LaunchException("no reply on " + replies + " within " + PATIENCE.toSeconds() + " s");
  }

  /**
   * The reply in a record, if it is one, and about exactly this call: anybody who may write to the
   * topic chooses what is on it.
   */
  static Optional<PermissionReply> replyIn(byte[] value, PermissionRequest request) {
    try {
      return Optional.ofNullable(value)
          .map(json -> Json.read(json, PermissionReply.class))
          .filter(reply -> isAbout(request, reply));
    } catch (InvalidEventException e) {
      return Optional.empty();
    }
  }

  /** An allow holds until a moment that it names. */
  static PermissionReply requireValid(PermissionReply reply, Instant now) {
    Instant end = reply.validUntil();
    if (reply.effect() == Effect.ALLOW && (end == null || !end.isAfter(now))) {
      throw new LaunchException(
          "the allow of " + reply.requestId() + " holds until " + end + ", and it is " + now);
    }
    return reply;
  }

  /**
   * Others' decisions may be on the topic, under the same id. What could not be read has no digest.
   */
  private static boolean isAbout(PermissionRequest request, PermissionReply reply) {
    boolean unread = reply.effect() == Effect.DENY && reply.digest() == null;
    return request.requestId().equals(reply.requestId())
        && request.tenant().equals(reply.tenant())
        && request.sessionId().equals(reply.sessionId())
        && (unread || Digest.of(request.toolCall()).equals(reply.digest()));
  }

  /** Sends a request and waits until the broker has it. */
  public void send(PermissionRequest request, String sessionToken) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(Topics.REQUESTS, request.sessionId(), Json.write(request));
    record.headers().add(Headers.TOKEN, sessionToken.getBytes(StandardCharsets.UTF_8));
    record.headers().add(Headers.REPLY_TOPIC, replies.getBytes(StandardCharsets.UTF_8));
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new LaunchException("Kafka refused the request: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("interrupted", e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
    consumer.close();
  }
}
