package dev.countersign.gateway.kafka;

import dev.countersign.gateway.events.InboxChange;
import dev.countersign.gateway.events.InboxRing;
import dev.countersign.gateway.requests.RequestWaiters;
import dev.countersign.protocol.InboxEvent;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Feeds the event stream, and tells waiting requests that a person is asked. */
@ApplicationScoped
public class InboxListener {
  private final InboxRing ring;
  private final RequestWaiters requests;

  public InboxListener(InboxRing ring, RequestWaiters requests) {
    this.ring = ring;
    this.requests = requests;
  }

  @Incoming("inbox-events")
  public void onChange(ConsumerRecord<String, byte[]> record) {
    ReplyListener.read(record, InboxEvent.class)
        .ifPresentOrElse(
            event -> {
              InboxChange change = InboxChange.of(event);
              ring.add(record.partition(), record.offset(), record.timestamp(), change);
              hint(event);
            },
            () -> ring.skip(record.partition(), record.offset()));
  }

  private void hint(InboxEvent event) {
    if (event.decision() != null) {
      requests.hint(event.decision());
    } else if (event.requestId() != null) {
      requests.asked(event);
    }
  }
}
