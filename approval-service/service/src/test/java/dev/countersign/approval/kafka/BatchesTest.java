package dev.countersign.approval.kafka;

import static dev.countersign.approval.Fixtures.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.approval.health.Progress;
import dev.countersign.meters.RecordMeters;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Of a batch that fails only the record that fails is given up. */
class BatchesTest {
  /** Brokers that say nothing about any topic. */
  private static final ReplyTopics.Brokers SILENT =
      new ReplyTopics.Brokers() {
        @Override
        public Map<String, KafkaFuture<TopicDescription>> describe(Collection<String> topics) {
          return Map.of();
        }

        @Override
        public void close() {}
      };

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final RecordMeters meters = new RecordMeters(registry);
  private final Batches batches =
      new Batches(
          new KafkaSender(producer, new ReplyTopics(SILENT, System::nanoTime), meters),
          new Patience(new Progress()),
          meters);
  private final List<List<Long>> tried = new ArrayList<>();
  private final List<Long> handled = new ArrayList<>();
  private final List<Long> givenUp = new ArrayList<>();

  /** Handles no records of which one has this offset. */
  private class Failing implements Batches.Work {
    private final long offset;

    Failing(long offset) {
      this.offset = offset;
    }

    @Override
    public List<Outgoing> handle(List<InboundRecord> records, Instant now) {
      List<Long> offsets = records.stream().map(InboundRecord::offset).toList();
      tried.add(offsets);
      if (offsets.contains(offset)) {
        fail();
      }
      handled.addAll(offsets);
      return List.of();
    }

    void fail() {
      throw new IllegalStateException("a fault of the program");
    }

    @Override
    public List<Outgoing> giveUp(InboundRecord record, Instant now) {
      givenUp.add(record.offset());
      return List.of();
    }
  }

  private void work(Batches.Work work) {
    List<InboundRecord> eight =
        LongStream.range(0, 8)
            .mapToObj(
                offset ->
                    new InboundRecord(Topics.REQUESTS, 0, offset, NOW, null, new byte[0], Map.of()))
            .toList();
    batches.all("requests", eight, work, NOW);
  }

  private double deadLetters(String code) {
    return registry.get("countersign.dead.letters").tag("code", code).counter().count();
  }

  @Test
  void aPollCountsOnceHoweverOftenItsPartsAreTried() {
    work(new Failing(5));
    DistributionSummary batch =
        registry.get("countersign.batch.records").tag("channel", "requests").summary();
    assertEquals(1, batch.count());
    assertEquals(8, batch.totalAmount());
  }

  @Test
  void theOthersAreHandledOnceAndInTheirOrder() {
    work(new Failing(5));
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 6L, 7L), handled);
    assertEquals(List.of(5L), givenUp);
  }

  @Test
  void whatCannotEvenBeAnsweredIsDeadLettered() {
    work(
        new Failing(5) {
          @Override
          public List<Outgoing> giveUp(InboundRecord record, Instant now) {
            throw new IllegalStateException("another one");
          }
        });
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 6L, 7L), handled);
    assertEquals(1, producer.history().size());
    assertEquals(Topics.DEAD_LETTERS, producer.history().get(0).topic());
    DeadLetter letter = Json.read(producer.history().get(0).value(), DeadLetter.class);
    assertEquals(5, letter.offset());
    assertEquals("internal_error", letter.code());
    assertEquals(1, deadLetters("internal_error"));
    assertEquals(0, deadLetters("malformed_json"));
  }

  @Test
  void whatPassesIsWaitedForAndCostsNoRecord() {
    work(
        new Failing(5) {
          @Override
          void fail() {
            if (tried.size() < 3) {
              throw new UncheckedIOException(new ConnectException("the database is unavailable"));
            }
          }
        });
    List<Long> all = List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertEquals(List.of(all, all, all), tried);
    assertEquals(all, handled);
    assertEquals(List.of(), givenUp);
  }
}
