package dev.countersign.gateway.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HintsTest {
  private record Task(Runnable work, long millis) {}

  private final Deque<Task> tasks = new ArrayDeque<>();
  private final List<CompletableFuture<Optional<StoredRequest>>> readings = new ArrayList<>();
  private final List<Optional<Refusal>> refusals = new ArrayList<>();
  private boolean waits = true;

  private final Hints hints =
      new Hints(
          () -> {
            readings.add(new CompletableFuture<>());
            return readings.get(readings.size() - 1);
          },
          (stored, refusal) -> {
            refusals.add(refusal);
            return waits;
          },
          (task, millis) -> tasks.add(new Task(task, millis)));

  static PermissionReply reply(Effect effect, DecidedBy by, String code, String editedInput) {
    return new PermissionReply(
        "default",
        "s-1",
        "r-1",
        "0".repeat(64),
        effect,
        by,
        code,
        "because",
        null,
        by == DecidedBy.USER ? "alice" : null,
        null,
        editedInput == null ? null : Json.readTree(editedInput.getBytes()),
        null,
        false,
        null,
        Instant.EPOCH,
        effect == Effect.ALLOW ? Instant.MAX : null);
  }

  private static PermissionReply allow() {
    return reply(Effect.ALLOW, DecidedBy.MODE, "allowed", null);
  }

  private static PermissionReply refused(String code) {
    return reply(Effect.DENY, DecidedBy.SYSTEM, code, null);
  }

  private long runNext() {
    Task task = tasks.remove();
    task.work().run();
    return task.millis();
  }

  private void comesBack() {
    readings.get(readings.size() - 1).complete(Optional.empty());
  }

  @Test
  void aFloodOfHintsIsOneReadingAtATimeWithPausesThatGrow() {
    List<Long> pauses = new ArrayList<>();
    for (int round = 1; round <= 8; round++) {
      for (int i = 0; i < 1_000; i++) {
        hints.heard(allow());
      }
      assertEquals(1, tasks.size());
      pauses.add(runNext());
      assertEquals(round, readings.size());
      for (int i = 0; i < 1_000; i++) {
        hints.heard(allow());
      }
      assertTrue(tasks.isEmpty(), "a second reading is on its way");
      comesBack();
    }
    assertEquals(List.of(0L, 100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L), pauses);
  }

  @Test
  void withoutAHintNothingIsReadAndALaterHintReadsAtOnce() {
    assertTrue(tasks.isEmpty());
    hints.heard(allow());
    runNext();
    comesBack();
    runNext();
    assertEquals(1, readings.size());
    assertTrue(tasks.isEmpty());
    hints.heard(allow());
    assertEquals(0, runNext());
    assertEquals(2, readings.size());
  }

  @Test
  void aReadingThatEndsTheWaitIsTheLast() {
    hints.heard(allow());
    runNext();
    hints.heard(allow());
    waits = false;
    comesBack();
    assertTrue(tasks.isEmpty());
  }

  @Test
  void aReadingThatFailsIsTriedAgainAndKeepsItsRefusal() {
    hints.heard(refused("unknown_session"));
    runNext();
    readings.get(0).completeExceptionally(new IllegalStateException("unreachable"));
    runNext();
    assertEquals(2, readings.size());
    comesBack();
    assertEquals("unknown_session", refusals.get(0).orElseThrow().reply().code());
  }

  @Test
  void aRefusalCountsOnlyForAReadingThatBeginsAfterIt() {
    hints.heard(allow());
    runNext();
    hints.heard(refused("unknown_session"));
    hints.heard(allow());
    comesBack();
    assertEquals(Optional.empty(), refusals.get(0));
    runNext();
    comesBack();
    assertEquals("unknown_session", refusals.get(1).orElseThrow().reply().code());
  }

  @Test
  void onlyABareRefusalOfTheSystemSpeaksForItself() {
    assertTrue(Refusal.of(refused("unknown_session")).isPresent());
    for (PermissionReply decision :
        List.of(
            allow(),
            reply(Effect.DENY, DecidedBy.USER, "denied", null),
            reply(Effect.DENY, DecidedBy.CANCELLED, "cancelled", null),
            reply(Effect.DENY, DecidedBy.SYSTEM, "denied", "{\"command\":\"id\"}"))) {
      assertEquals(Optional.empty(), Refusal.of(decision), decision.toString());
    }
  }

  @Test
  void whatIsStoredSpeaksForItselfExceptAboutAnotherCall() {
    String asked = "1".repeat(64);
    Refusal closed = new Refusal(refused("session_closed"));
    Refusal reused = new Refusal(refused(Refusal.REUSED));
    StoredRequest open = new StoredRequest("s-1", "r-1", "open", "p-1", null, null);
    StoredRequest decided = new StoredRequest("s-1", "r-1", "decided", null, null, allow());
    assertTrue(closed.stands(Optional.empty(), asked));
    assertFalse(closed.stands(Optional.of(open), asked));
    assertFalse(closed.stands(Optional.of(decided), asked));
    assertTrue(reused.stands(Optional.of(open), asked));
    assertTrue(reused.stands(Optional.of(decided), asked));
    assertFalse(reused.stands(Optional.of(decided), allow().digest()));
    assertFalse(reused.stands(Optional.of(open), null));
  }
}
