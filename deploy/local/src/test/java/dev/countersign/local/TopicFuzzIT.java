package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.FreePorts;
import dev.countersign.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two replicas of every service, and bad records among good ones on every topic that one of them
 * consumes: every good one is decided or carried out in time, every bad one is dead-lettered with
 * its topic, partition and offset, no good one is, and the services are healthy throughout. What
 * only the gateway reads is a hint for whoever waits; there a bad record is passed over.
 */
@Timeout(1200)
@ExtendWith(SystemFixture.Provider.class)
class TopicFuzzIT {
  private static final int PER_SECOND = 500;
  private static final int BAD_PER_GOOD = 9;
  private static final int SESSIONS = 12;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Ten times what is promised; the figure itself is printed. */
  private static final long LIMIT_MILLIS = 50_000;

  /** Only the gateway reads these. */
  private static final Set<String> HINTS =
      Set.of(Topics.REPLIES, Topics.SESSION_REPLIES, Topics.ANSWER_REPLIES, Topics.INBOX);

  /** Each replica of the services reads a part of these. */
  private static final List<String> GROUPS =
      List.of("approval-service.requests", "permission-store");

  private final SystemFixture system;

  TopicFuzzIT(SystemFixture system) {
    this.system = system;
  }

  /** A record on its way, without its content. */
  private record Sent(String what, String topic, Future<RecordMetadata> metadata) {
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
  @Tag("full")
  void twoThousandBadRecordsCostNoGoodOneAnything() throws Exception {
    fuzz(2_000, 50);
  }

  @Test
  @Tag("exhaustive")
  void aHundredThousandBadRecordsCostNoGoodOneAnything() throws Exception {
    fuzz(100_000, 500);
  }

  private void fuzz(int bad, int hugeOneIn) throws Exception {
    Map<ServiceName, Integer> ports =
        Stream.of(ServiceName.values())
            .collect(Collectors.toMap(Function.identity(), service -> FreePorts.next()));
    List<Child> replicas = new ArrayList<>();
    try {
      ports.forEach((service, port) -> replicas.add(start(service, port)));
      for (int i = 0; i < replicas.size(); i++) {
        system.stack().awaitReady(replicas.get(i), List.copyOf(ports.values()).get(i));
      }
      awaitBothAtWork();
      Ports first = system.stack().ports();
      List<Integer> all =
          Stream.concat(
                  Stream.of(first.store(), first.approval(), first.gateway()),
                  ports.values().stream())
              .toList();
      fuzz(bad, hugeOneIn, all, List.of(first.gateway(), ports.get(ServiceName.GATEWAY)));
    } finally {
      replicas.forEach(replica -> replica.stop(Duration.ofSeconds(20)));
    }
  }

  private Child start(ServiceName service, int port) {
    return system
        .stack()
        .startReplica(service, service.label() + "-" + system.newId(), port, Map.of());
  }

  private void awaitBothAtWork() {
    Map<String, Object> broker = Map.of("bootstrap.servers", system.stack().bootstrapServers());
    try (Admin admin = Admin.create(broker)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(120))
          .until(
              () ->
                  admin.describeConsumerGroups(GROUPS).all().get().values().stream()
                      .allMatch(
                          group ->
                              group.members().stream()
                                      .filter(m -> !m.assignment().topicPartitions().isEmpty())
                                      .count()
                                  == 2));
    }
  }

  private void fuzz(int bad, int hugeOneIn, List<Integer> ports, List<Integer> gateways)
      throws Exception {
    List<Agent> agents = new ArrayList<>();
    agents.add(system.newAgent());
    while (agents.size() < SESSIONS) {
      agents.add(system.newAgentOfTheSameUser(agents.get(0)));
    }
    BadRecords badOnes = new BadRecords(system.stack().keys(), agents.get(0), 7, hugeOneIn);
    GoodRecords goodOnes = new GoodRecords(system.stack().keys(), agents);
    List<Sent> sentBad = new ArrayList<>(bad);
    List<Sent> sentGood = new ArrayList<>();
    try (Ledger ledger = new Ledger(system.stack().bootstrapServers());
        HealthWatch watch = new HealthWatch(ports);
        Askers askers = new Askers(agents.get(0), gateways);
        KafkaProducer<byte[], byte[]> producer = producer()) {
      long start = System.nanoTime();
      for (int i = 0; sentBad.size() < bad; i++) {
        long due = start + i * Duration.ofSeconds(1).toNanos() / PER_SECOND;
        LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
        boolean good = i % (BAD_PER_GOOD + 1) == 0;
        FuzzRecord record = good ? goodOnes.next() : badOnes.next();
        (good ? sentGood : sentBad)
            .add(new Sent(record.what(), record.topic(), producer.send(record.toSend())));
      }
      long sending = Duration.ofNanos(System.nanoTime() - start).toSeconds();
      awaitReplies(ledger, sentGood);
      report(ledger, sentGood, sentBad.size(), sending);
      awaitLetters(ledger, sentBad);
      for (Sent good : sentGood) {
        assertEquals(null, ledger.codeOf(good.place()), "a good one is dead-lettered");
        assertTrue(ledger.replyTo(good.what()).good(), good::toString);
      }
      assertAll(
          () -> assertEquals(List.of(), askers.refused()),
          () -> assertEquals(List.of(), watch.downs()));
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            system.stack().bootstrapServers(),
            "max.request.size",
            4 * 1024 * 1024),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void awaitReplies(Ledger ledger, List<Sent> good) {
    Awaitility.await("every good one is decided")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(),
                    good.stream()
                        .filter(sent -> ledger.replyTo(sent.what()) == null)
                        .map(sent -> sent.topic() + " at " + sent.place())
                        .limit(20)
                        .toList()));
  }

  private static void awaitLetters(Ledger ledger, List<Sent> bad) {
    Awaitility.await("every bad one is dead-lettered")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(),
                    bad.stream()
                        .filter(sent -> !HINTS.contains(sent.topic()))
                        .filter(sent -> ledger.codeOf(sent.place()) == null)
                        .map(sent -> sent.what() + " at " + sent.place())
                        .limit(20)
                        .toList()));
  }

  private static void report(Ledger ledger, List<Sent> good, int bad, long seconds) {
    List<Long> took =
        good.stream()
            .map(sent -> ledger.replyTo(sent.what()).at() - sent.done().timestamp())
            .sorted()
            .toList();
    long longest = took.get(took.size() - 1);
    System.out.printf(
        "%d good among %d bad in %d s: half decided within %d ms, 99 %% within %d ms,"
            + " all within %d ms%n",
        took.size(),
        bad,
        seconds,
        took.get(took.size() / 2),
        took.get(took.size() * 99 / 100),
        longest);
    assertTrue(longest < LIMIT_MILLIS, longest + " ms");
  }
}
