package dev.countersign.gateway.events;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Callers;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InboxStreamsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final InboxRing ring = new InboxRing(Duration.ofMinutes(15), 100);

  private static Caller person(Instant until) {
    return Callers.person("default", "alice", until);
  }

  private static InboxChange change(String viewer) {
    return new InboxChange("default", viewer, "p-1");
  }

  private AssertSubscriber<OutboundSseEvent> open(Caller viewer, int beatMillis, long demand) {
    return open(viewer, beatMillis, demand, null);
  }

  private AssertSubscriber<OutboundSseEvent> open(
      Caller viewer, int beatMillis, long demand, String lastEventId) {
    return new InboxStreams(ring, 4, Duration.ofMillis(beatMillis))
        .open(new SseImpl(), viewer, Optional.empty(), lastEventId)
        .subscribe()
        .withSubscriber(AssertSubscriber.create(demand));
  }

  private static List<String> ids(AssertSubscriber<OutboundSseEvent> stream) {
    return stream.getItems().stream().map(OutboundSseEvent::getId).toList();
  }

  private static OutboundSseEvent last(AssertSubscriber<OutboundSseEvent> stream) {
    return stream.getItems().get(stream.getItems().size() - 1);
  }

  @BeforeEach
  void assigned() {
    ring.restart(Map.of(0, 0L));
  }

  @Test
  void aClientThatDoesNotReadIsToldToReadAgainAndDisconnected() {
    AssertSubscriber<OutboundSseEvent> slow = open(person(Instant.MAX), 60_000, 0);
    AssertSubscriber<OutboundSseEvent> quick = open(person(Instant.MAX), 60_000, 1_000);
    for (int i = 0; i < 50; i++) {
      ring.add(0, i, 1000, change("alice"));
    }
    slow.request(1_000);
    slow.awaitCompletion(PATIENCE);
    List<OutboundSseEvent> got = slow.getItems();
    assertEquals("resync", got.get(got.size() - 1).getName());
    assertTrue(got.size() <= 6, got.size() + " items were kept");
    assertEquals(51, quick.getItems().size());
    assertEquals(1, ring.listeners());
    quick.cancel();
    await().atMost(PATIENCE).until(() -> ring.listeners() == 0);
  }

  @Test
  void aClientThatWasTooSlowGoesOnAfterWhatItReadAgain() {
    for (int i = 0; i < 50; i++) {
      ring.add(0, i, 1000, change("alice"));
    }
    AssertSubscriber<OutboundSseEvent> slow = open(person(Instant.MAX), 60_000, 0, "1/0:9");
    slow.request(1_000);
    slow.awaitCompletion(PATIENCE);
    assertEquals("resync", last(slow).getName());
    ring.add(0, 50, 1000, change("alice"));
    AssertSubscriber<OutboundSseEvent> again =
        open(person(Instant.MAX), 60_000, 1_000, last(slow).getId());
    ring.add(0, 51, 1000, change("alice"));
    assertEquals(List.of("1/0:49", "1/0:50", "1/0:51"), ids(again));
    assertEquals("ready", again.getItems().get(0).getName());
    again.cancel();
  }

  @Test
  void aResyncOfWhateverReasonSaysWhereToGoOn() {
    ring.add(0, 0, 1000, change("alice"));
    AssertSubscriber<OutboundSseEvent> stale = open(person(Instant.MAX), 60_000, 1_000, "nonsense");
    assertEquals(List.of("1/0:0"), ids(stale));
    assertEquals("resync", last(stale).getName());
    ring.restart(Map.of(0, 7L));
    stale.awaitCompletion(PATIENCE);
    assertEquals("resync", last(stale).getName());
    AssertSubscriber<OutboundSseEvent> again =
        open(person(Instant.MAX), 60_000, 1_000, last(stale).getId());
    assertEquals(List.of("1/0:6"), ids(again));
    again.cancel();
  }

  @Test
  void aReplayEndsWhereTheInboxIs() {
    ring.add(0, 0, 1000, change("alice"));
    ring.skip(0, 1);
    AssertSubscriber<OutboundSseEvent> alice = open(person(Instant.MAX), 20, 1_000, "1/0:-1");
    await().atMost(PATIENCE).until(() -> last(alice).getId().equals("1/0:1"));
    alice.cancel();
  }

  @Test
  void aHeartbeatMovesTheResumePointPastOtherPeoplesEvents() {
    AssertSubscriber<OutboundSseEvent> alice = open(person(Instant.MAX), 20, 1_000);
    ring.add(0, 0, 1000, change("bob"));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              List<OutboundSseEvent> items = alice.getItems();
              return items.get(items.size() - 1).getId().equals("1/0:0");
            });
    assertTrue(alice.getItems().stream().noneMatch(e -> "inbox.changed".equals(e.getName())));
    alice.cancel();
  }

  @Test
  void aStreamEndsWithItsToken() {
    open(person(Instant.now().minusSeconds(1)), 20, 1_000).awaitCompletion(PATIENCE);
  }

  @Test
  @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void streamsThatEndWhileRecordsComeStopNobody() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    Thread records =
        new Thread(
            () -> {
              for (long i = 0; !enough.get(); i++) {
                ring.add(0, i, 1000, change("alice"));
              }
            });
    records.setDaemon(true);
    records.start();
    for (int i = 0; i < 50; i++) {
      AssertSubscriber<OutboundSseEvent> ending = open(person(Instant.EPOCH), 1, Long.MAX_VALUE);
      AssertSubscriber<OutboundSseEvent> slow = open(person(Instant.MAX), 1, 0);
      ending.awaitCompletion(PATIENCE);
      slow.cancel();
      await().atMost(PATIENCE).until(() -> ring.listeners() == 0);
    }
    enough.set(true);
    records.join(60_000);
    assertFalse(records.isAlive(), "a record still waits for a stream");
  }

  @Test
  void aReplicaThatStopsTellsItsStreamsToReadAgainAndEndsThem() {
    InboxStreams streams = new InboxStreams(ring, 4, PATIENCE);
    ring.restart(Map.of(0, 7L));
    AssertSubscriber<OutboundSseEvent> before = open(streams);
    assertEquals(1, ring.listeners());

    streams.onStop(new ShutdownDelayInitiatedEvent());
    AssertSubscriber<OutboundSseEvent> after = open(streams);

    for (AssertSubscriber<OutboundSseEvent> stream : List.of(before, after)) {
      stream.awaitCompletion(PATIENCE);
      assertEquals(
          List.of("ready", "resync"),
          stream.getItems().stream().map(OutboundSseEvent::getName).toList());
    }
    assertEquals(0, ring.listeners());
  }

  private static AssertSubscriber<OutboundSseEvent> open(InboxStreams streams) {
    return streams
        .open(new SseImpl(), person(Instant.now().plus(PATIENCE)), Optional.empty(), null)
        .subscribe()
        .withSubscriber(AssertSubscriber.create(10));
  }
}
