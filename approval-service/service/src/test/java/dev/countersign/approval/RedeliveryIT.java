package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.requests.RequestBatch;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch that is delivered again because its acknowledgement was lost. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class RedeliveryIT {
  private final World world = World.get();
  @Inject RequestBatch batch;

  private static List<String> topics(List<Outgoing> out) {
    return out.stream().map(Outgoing::topic).toList();
  }

  @Test
  void theStoredDecisionIsToldAgainWithItsReceipt() {
    String session = world.session(mode("default"));
    PermissionRequest request = World.request(session, id("r"), bash("ls"));
    List<InboundRecord> records =
        List.of(world.record(request, 1_000_000), world.record(request, 1_000_001));
    List<Outgoing> first = batch.handle(records, Instant.now());
    assertEquals(List.of(Topics.REPLIES, Topics.RECEIPTS, Topics.REPLIES), topics(first));
    List<Outgoing> again = batch.handle(records, Instant.now());
    assertEquals(topics(first), topics(again));
    assertEquals(
        Json.read(first.get(0).value(), PermissionReply.class),
        Json.read(again.get(0).value(), PermissionReply.class));
    assertEquals(first.get(0).headers().get("ce_id"), again.get(0).headers().get("ce_id"));
    List<Outgoing> later = batch.handle(List.of(world.record(request, 1_000_002)), Instant.now());
    assertEquals(List.of(Topics.REPLIES), topics(later));
  }
}
