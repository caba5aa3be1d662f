package dev.countersign.approval.kafka;

import dev.countersign.meters.RecordMeters;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/**
 * Produces records and waits for the broker. Blocks its caller, so it is never called on an event
 * loop. At most 512 records are in flight.
 *
 * <p>Each record is judged for itself. A reply whose own topic cannot be used goes to the default
 * reply topic, and a dead letter says so; what no topic takes is dead-lettered. Only where Kafka as
 * such does not take our records is the whole to be tried again, and for ten seconds where it does
 * not know the topic of the dead letters.
 *
 * <p>A producer of our own rather than an emitter: three emits per record of a batch overflow an
 * emitter's buffer, and an emitter hands incoming metadata on.
 */
@ApplicationScoped
public class KafkaSender {
  private static final Logger LOG = Logger.getLogger(KafkaSender.class);
  private static final int IN_FLIGHT = 512;

  private final Producer<byte[], byte[]> producer;
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
  private final ReplyTopics replyTopics;
  private final RecordMeters meters;

  @Inject
  public KafkaSender(KafkaSettings kafka, ReplyTopics replyTopics, RecordMeters meters) {
    this(producer(kafka), replyTopics, meters);
  }

  KafkaSender(Producer<byte[], byte[]> producer, ReplyTopics replyTopics, RecordMeters meters) {
    this.producer = producer;
    this.replyTopics = replyTopics;
    this.meters = meters;
  }

  private static Producer<byte[], byte[]> producer(KafkaSettings kafka) {
    return new KafkaProducer<>(
        kafka.producer(
            Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                "approval-service",
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                2000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                5000,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                4 * 1024 * 1024)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private record Sending(Outgoing record, CompletableFuture<Void> sent) {}

  private record Refused(Outgoing record, String problem) {}

  /**
   * Sends all records and returns once every one, or what stands in for it, is stored by the
   * broker.
   *
   * @throws KafkaUnavailableException if any could not be sent; some may have been
   */
  public void sendAll(List<Outgoing> records) {
    replyTopics.look(
        records.stream().map(Outgoing::topic).filter(topic -> !certain(topic)).toList());
    List<Sending> sends = new ArrayList<>(records.size());
    List<Refused> refused = new ArrayList<>();
    for (Outgoing record : records) {
      String problem = certain(record.topic()) ? null : replyTopics.problem(record.topic());
      if (problem != null) {
        refused.add(new Refused(record, problem));
        continue;
      }
      CompletableFuture<Void> sent = send(record);
      sends.add(new Sending(record, sent));
      if (certain(record.topic()) && unavailable(failure(sent))) {
        // Each further one would block as long again.
        break;
      }
    }
    Map<String, String> suspects = await(sends, refused);
    if (replyTopics.doubtful(Topics.DEAD_LETTERS)
        && refused.stream().anyMatch(r -> r.record().topic().equals(Topics.DEAD_LETTERS))) {
      throw new KafkaUnavailableException(
          new UnknownTopicOrPartitionException(
              Topics.DEAD_LETTERS + " is not known to the brokers yet"));
    }
    List<Outgoing> instead =
        refused.stream().flatMap(r -> instead(r.record(), r.problem()).stream()).toList();
    if (!instead.isEmpty()) {
      sendAll(instead);
    }
    // Kafka took the others, so it is these topics that fail.
    suspects.forEach(replyTopics::refused);
  }

  /** A topic that this service cannot do without: nothing is sent elsewhere instead. */
  private static boolean certain(String topic) {
    return Topics.ALL.contains(topic) && !topic.equals(Topics.DEAD_LETTERS);
  }

  /** Waits for all; adds those that were refused, and returns the topics that may be why. */
  private static Map<String, String> await(List<Sending> sends, List<Refused> refused) {
    CompletableFuture<?>[] all =
        sends.stream().map(Sending::sent).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(all).exceptionally(failure -> null).join();
    Map<String, String> suspects = new LinkedHashMap<>();
    for (Sending sending : sends) {
      Throwable failure = failure(sending.sent());
      String topic = sending.record().topic();
      if (failure == null) {
        continue;
      }
      boolean deadLetter = topic.equals(Topics.DEAD_LETTERS);
      if (unavailable(failure) && (certain(topic) || deadLetter && Failures.passing(failure))) {
        throw new KafkaUnavailableException(failure);
      }
      refused.add(new Refused(sending.record(), Failures.words(failure)));
      if (unavailable(failure)) {
        suspects.put(topic, Failures.words(failure));
      }
    }
    return suspects;
  }

  private static Throwable failure(CompletableFuture<Void> sent) {
    return sent.isCompletedExceptionally() ? sent.handle((done, failure) -> failure).join() : null;
  }

  /** Whether a failure is more than the fault of the record that met it. */
  private static boolean unavailable(Throwable failure) {
    return failure != null
        && !(failure instanceof RecordTooLargeException)
        && !(failure instanceof InvalidRecordException)
        && !(failure instanceof SerializationException);
  }

  private static List<Outgoing> instead(Outgoing record, String problem) {
    Instant now = Instant.now();
    LOG.errorf("%s does not take a record about %s: %s", record.topic(), record.about(), problem);
    if (record.topic().equals(Topics.DEAD_LETTERS)) {
      // Nothing else could take it. The health check names it, and the others go on.
      return List.of();
    }
    if (certain(record.topic())) {
      String detail = record.topic() + " does not take a record about it: " + problem;
      return List.of(DeadLetters.ofUnsendable(record, "too_large", detail, now));
    }
    String detail =
        "the reply went to %s, since %s does not take it: %s"
            .formatted(Topics.REPLIES, record.topic(), problem);
    return List.of(
        record.on(Topics.REPLIES),
        DeadLetters.ofUnsendable(record, "reply_topic_unusable", detail, now));
  }

  private CompletableFuture<Void> send(Outgoing outgoing) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    inFlight.acquireUninterruptibly();
    try {
      producer.send(
          record(outgoing),
          (metadata, error) -> {
            inFlight.release();
            finish(sent, error);
            count(outgoing, error);
          });
    } catch (RuntimeException e) {
      inFlight.release();
      finish(sent, e);
    }
    return sent;
  }

  private void count(Outgoing outgoing, Exception error) {
    if (error == null && outgoing.topic().equals(Topics.DEAD_LETTERS)) {
      meters.deadLettered(Json.readOwn(outgoing.value(), DeadLetter.class).code());
    }
  }

  private static void finish(CompletableFuture<Void> sent, Exception error) {
    if (error == null) {
      sent.complete(null);
    } else {
      sent.completeExceptionally(error);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(Outgoing outgoing) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(outgoing.topic(), outgoing.key(), outgoing.value());
    outgoing
        .headers()
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  @PreDestroy
  void close() {
    producer.close(Duration.ofSeconds(5));
  }

  /** Kafka did not take a record; try again later. */
  public static final class KafkaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KafkaUnavailableException(Throwable cause) {
      super("Kafka did not take a record: " + cause.getMessage(), cause);
    }
  }
}
