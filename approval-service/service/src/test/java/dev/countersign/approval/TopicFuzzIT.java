package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.BadRecords.Bad;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every consumed topic, bad records mixed into good ones: every good one is decided in time, every
 * bad one is dead-lettered with its topic, partition and offset, no good one is, and the service is
 * healthy throughout.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class TopicFuzzIT {
  private static final Logger LOG = Logger.getLogger(TopicFuzzIT.class);
  private static final int BAD_PER_GOOD = 9;

  /** Ten times what is promised; the figure itself is printed. */
  private static final long LIMIT_MILLIS = Duration.ofSeconds(50).toMillis();

  @TestHTTPResource("/q/health")
  URL health;

  private final World world = World.get();

  /** A record on its way. */
  private record Sent(String what, Future<RecordMetadata> metadata) {
    RecordMetadata done() {
      try {
        return metadata.get();
      } catch (Exception e) {
        throw new AssertionError(what + " was not sent", e);
      }
    }

    String place() {
      RecordMetadata at = done();
      return at.topic() + "/" + at.partition() + "/" + at.offset();
    }
  }

  @Test
  void aFewHundredBadRecordsCostGoodOnesNothing() throws Exception {
    fuzz(400, 200, 20, List.of(health.toURI()));
  }

  @Test
  @Tag("full")
  void twoThousandBadRecordsAndTwoReplicas() throws Exception {
    withTwoReplicas(2_000, 50);
  }

  @Test
  @Tag("exhaustive")
  void aHundredThousandBadRecordsAndTwoReplicas() throws Exception {
    withTwoReplicas(100_000, 500);
  }

  private void withTwoReplicas(int bad, int hugeOneIn) throws Exception {
    try (ApprovalProcess replica = ApprovalProcess.start()) {
      replica.awaitMembers(2);
      fuzz(bad, 500, hugeOneIn, List.of(health.toURI(), replica.health()));
    }
  }

  private void fuzz(int bad, int perSecond, int hugeOneIn, List<URI> healths) throws Exception {
    List<String> sessions =
        IntStream.range(0, 12).mapToObj(i -> world.session(mode("default"))).toList();
    BadRecords source = new BadRecords(world, sessions.get(0), 7, hugeOneIn);
    try (Ledger ledger = new Ledger(System.getProperty(BackendsResource.KAFKA));
        HealthWatch watch = new HealthWatch(healths)) {
      List<Sent> badOnes = new ArrayList<>(bad);
      Map<String, Sent> goodOnes = new HashMap<>();
      long start = System.nanoTime();
      for (int i = 0; badOnes.size() < bad; i++) {
        long due = start + i * Duration.ofSeconds(1).toNanos() / perSecond;
        LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        if (i % (BAD_PER_GOOD + 1) == 0) {
          PermissionRequest good =
              World.request(sessions.get(i % sessions.size()), id("good"), bash("ls dir" + i));
          goodOnes.put(good.requestId(), send(good));
        } else {
          badOnes.add(send(source.next()));
        }
      }
      judge(ledger, badOnes, goodOnes);
      assertEquals(List.of(), watch.downs());
    }
  }

  private Sent send(PermissionRequest good) {
    return new Sent(
        "a good request",
        world.wire.sendSoon(
            Topics.REQUESTS, good.sessionId(), Json.write(good), world.requestHeaders(good)));
  }

  private Sent send(Bad bad) {
    return new Sent(
        bad.what(), world.wire.sendSoon(bad.topic(), bad.key(), bad.value(), bad.headers()));
  }

  private static void judge(Ledger ledger, List<Sent> badOnes, Map<String, Sent> goodOnes) {
    Awaitility.await("every good one is decided")
        .atMost(Duration.ofMinutes(10))
        .until(() -> goodOnes.keySet().stream().allMatch(g -> ledger.repliedAt(g) != null));
    List<Long> took = new ArrayList<>();
    goodOnes.forEach(
        (request, sent) -> took.add(ledger.repliedAt(request) - sent.done().timestamp()));
    took.sort(null);
    long longest = took.get(took.size() - 1);
    LOG.infof(
        "%d good among %d bad: half decided within %d ms, 99 %% within %d ms, all within %d ms",
        took.size(),
        badOnes.size(),
        took.get(took.size() / 2),
        took.get(took.size() * 99 / 100),
        longest);
    Awaitility.await("every bad one is dead-lettered")
        .atMost(Duration.ofMinutes(10))
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(),
                    badOnes.stream()
                        .filter(sent -> ledger.codeOf(sent.place()) == null)
                        .map(sent -> sent.what() + " at " + sent.place())
                        .limit(20)
                        .toList()));
    goodOnes.values().forEach(sent -> assertEquals(null, ledger.codeOf(sent.place())));
    assertTrue(longest < LIMIT_MILLIS, longest + " ms");
  }
}
