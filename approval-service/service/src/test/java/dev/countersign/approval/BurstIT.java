package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Many requests at once, as full batches. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class BurstIT {
  private static final int REQUESTS = 3000;
  private final World world = World.get();

  @Test
  void everyRequestIsDecidedOnceWithOneReceipt() {
    List<String> sessions =
        IntStream.range(0, 6).mapToObj(i -> world.session(mode("default"))).toList();
    Set<String> asked = new HashSet<>();
    for (int i = 0; i < REQUESTS; i++) {
      String session = sessions.get(i % sessions.size());
      PermissionRequest request = World.request(session, id("r"), bash("ls dir" + i));
      world.wire.sendSoon(
          Topics.REQUESTS, session, Json.write(request), world.requestHeaders(request));
      asked.add(request.requestId());
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> replied(asked).containsAll(asked));
    assertEquals(REQUESTS, replied(asked).size());
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                world
                        .wire
                        .values(Topics.RECEIPTS, Receipt.class)
                        .filter(r -> asked.contains(r.decision().requestId()))
                        .count()
                    == REQUESTS);
  }

  private Collection<String> replied(Set<String> asked) {
    return world
        .wire
        .values(Topics.REPLIES, PermissionReply.class)
        .map(PermissionReply::requestId)
        .filter(id -> id != null && asked.contains(id))
        .collect(Collectors.toList());
  }
}
