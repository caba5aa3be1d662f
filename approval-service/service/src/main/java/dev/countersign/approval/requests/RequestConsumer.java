package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.Batches;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.Workers;
import dev.countersign.approval.overrides.CaughtUp;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes requests from Kafka: store, send, acknowledge, in this order. A batch never fails; it waits
 * while Kafka or Postgres is unavailable. No person is waited for.
 */
@ApplicationScoped
public class RequestConsumer {
  private final RequestBatch batch;
  private final Batches batches;
  private final CaughtUp caughtUp;

  public RequestConsumer(RequestBatch batch, Batches batches, CaughtUp caughtUp) {
    this.batch = batch;
    this.batches = batches;
    this.caughtUp = caughtUp;
  }

  @Incoming("requests")
  @Blocking(Workers.DECISIONS)
  public void consume(ConsumerRecords<byte[], byte[]> polled) {
    Instant now = Instant.now();
    List<InboundRecord> records = new ArrayList<>(polled.count());
    polled.forEach(record -> records.add(InboundRecord.of(record, now)));
    caughtUp.await();
    batches.all("requests", records, batch, now);
  }
}
