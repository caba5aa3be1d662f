package dev.countersign.gateway.events;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.identity.Caller;
import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
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
  private final InboxRing ring = new InboxRing(Duration.ofMinutes(15), 100);

  private static Caller person(Instant until) {
    return new Caller(
        new TokenClaims(
            TokenType.PERSON,
            "people",
            "alice",
            "default",
            List.of("approver"),
            Instant.EPOCH,
            until,
            Map.of()),
        "token");
  }

  private static InboxEvent event(String viewer, long rev) {
    return new InboxEvent(
        "default", viewer, "p-1", "s-1", "r-1", rev, InboxEvent.State.OPEN, null, null);
  }

  private AssertSubscriber<OutboundSseEvent> open(Caller viewer, int beatMillis, long demand) {
    return new InboxStreams(ring, 4, Duration.ofMillis(beatMillis))
        .open(new SseImpl(), viewer, Optional.empty(), null)
        .subscribe()
        .withSubscriber(AssertSubscriber.create(demand));
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
      ring.add(0, i, 1000, event("alice", i));
    }
    slow.request(1_000);
    slow.awaitCompletion(Duration.ofSeconds(5));
    List<OutboundSseEvent> got = slow.getItems();
    assertEquals("resync", got.get(got.size() - 1).getName());
    assertTrue(got.size() <= 6, got.size() + " items were kept");
    assertEquals(51, quick.getItems().size());
    assertEquals(1, ring.listeners());
    quick.cancel();
    await().until(() -> ring.listeners() == 0);
  }

  @Test
  void aHeartbeatMovesTheResumePointPastOtherPeoplesEvents() {
    AssertSubscriber<OutboundSseEvent> alice = open(person(Instant.MAX), 20, 1_000);
    ring.add(0, 0, 1000, event("bob", 1));
    await()
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
    open(person(Instant.now().minusSeconds(1)), 20, 1_000).awaitCompletion(Duration.ofSeconds(5));
  }

  @Test
  @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void streamsThatEndWhileRecordsComeStopNobody() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    Thread records =
        new Thread(
            () -> {
              for (long i = 0; !enough.get(); i++) {
                ring.add(0, i, 1000, event("alice", i));
              }
            });
    records.setDaemon(true);
    records.start();
    for (int i = 0; i < 50; i++) {
      AssertSubscriber<OutboundSseEvent> ending = open(person(Instant.EPOCH), 1, Long.MAX_VALUE);
      AssertSubscriber<OutboundSseEvent> slow = open(person(Instant.MAX), 1, 0);
      ending.awaitCompletion(Duration.ofSeconds(60));
      slow.cancel();
      await().atMost(Duration.ofSeconds(60)).until(() -> ring.listeners() == 0);
    }
    enough.set(true);
    records.join(60_000);
    assertFalse(records.isAlive(), "a record still waits for a stream");
  }
}
