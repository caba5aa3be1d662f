package dev.countersign.approval.kafka;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Produces records and waits for the broker. Blocks its caller, so it is never called on an event
 * loop. At most 512 records are in flight.
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

  public KafkaSender(@ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
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
                4 * 1024 * 1024),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Sends all records and returns once every one is stored by the broker.
   *
   * @throws KafkaUnavailableException if any could not be sent; some may have been
   */
  public void sendAll(List<Outgoing> records) {
    List<CompletableFuture<Void>> sends = new ArrayList<>(records.size());
    for (Outgoing record : records) {
      CompletableFuture<Void> sent = send(record);
      sends.add(sent);
      if (sent.isCompletedExceptionally()) {
        // Each further one would block as long again.
        break;
      }
    }
    try {
      CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw new KafkaUnavailableException(e.getCause());
    }
  }

  private CompletableFuture<Void> send(Outgoing outgoing) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    inFlight.acquireUninterruptibly();
    try {
      producer.send(
          record(outgoing),
          (metadata, error) -> {
            inFlight.release();
            finish(sent, outgoing, error);
          });
    } catch (RuntimeException e) {
      inFlight.release();
      finish(sent, outgoing, e);
    }
    return sent;
  }

  private static void finish(CompletableFuture<Void> sent, Outgoing outgoing, Exception error) {
    if (error == null) {
      sent.complete(null);
    } else if (error instanceof RecordTooLargeException) {
      // Sending it again cannot help, and it must not stop what stands behind it.
      LOG.errorf("A record for %s is too large for Kafka and was not sent", outgoing.topic());
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
