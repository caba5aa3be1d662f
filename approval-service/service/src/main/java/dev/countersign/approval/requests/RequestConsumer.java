package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.kafka.Patience;
import dev.countersign.approval.overrides.CaughtUp;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes requests from Kafka: store, send, acknowledge, in this order. A batch never fails; it waits
 * for whatever is away. No person is waited for.
 */
@ApplicationScoped
public class RequestConsumer {
  private final RequestBatch batch;
  private final KafkaSender sender;
  private final Patience patience;
  private final CaughtUp caughtUp;

  public RequestConsumer(
      RequestBatch batch, KafkaSender sender, Patience patience, CaughtUp caughtUp) {
    this.batch = batch;
    this.sender = sender;
    this.patience = patience;
    this.caughtUp = caughtUp;
  }

  @Incoming("requests")
  @Blocking
  public void consume(ConsumerRecords<byte[], byte[]> polled) {
    Instant now = Instant.now();
    List<InboundRecord> records = new ArrayList<>(polled.count());
    polled.forEach(record -> records.add(InboundRecord.of(record, now)));
    caughtUp.await();
    patience.untilDone("A batch of requests", () -> sender.sendAll(batch.handle(records, now)));
  }
}
