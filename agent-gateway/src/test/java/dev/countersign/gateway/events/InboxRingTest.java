package dev.countersign.gateway.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InboxRingTest {
  private static final InboxChange EVENT = new InboxChange("default", "alice", "p-1");

  private final InboxRing ring = new InboxRing(Duration.ofMinutes(15), 3);
  private final List<Long> heard = new ArrayList<>();
  private int restarts;

  private final InboxRing.Listener listener =
      new InboxRing.Listener() {
        @Override
        public void onRecord(int partition, long offset, InboxChange change) {
          heard.add(offset);
        }

        @Override
        public void onRestart() {
          restarts++;
        }
      };

  private static Position at(long zero, long one) {
    return new Position(Map.of(0, zero, 1, one));
  }

  @Test
  void aResumeReplaysExactlyWhatWasMissed() {
    ring.restart(Map.of(0, 10L, 1, 0L));
    ring.add(0, 10, 1000, EVENT);
    ring.add(0, 11, 1000, EVENT);
    ring.add(1, 0, 1000, EVENT);
    InboxRing.Start start = ring.listen(Optional.of(at(10, -1)), listener);
    assertFalse(start.stale());
    assertEquals(List.of(11L, 0L), start.replay().stream().map(e -> e.offset()).toList());
    assertEquals(at(10, -1), start.position());
    assertEquals(at(11, 0), start.now());
    ring.add(0, 12, 1000, EVENT);
    assertEquals(List.of(12L), heard);
  }

  @Test
  void whatIsNoLongerKeptIsStale() {
    ring.restart(Map.of(0, 0L, 1, 0L));
    for (long offset = 0; offset < 5; offset++) {
      ring.add(0, offset, 1000, EVENT);
    }
    assertTrue(ring.listen(Optional.of(at(0, -1)), listener).stale());
    assertFalse(ring.listen(Optional.of(at(1, -1)), listener).stale());
  }

  @Test
  void theWindowMovesWithTheRecordsTime() {
    ring.restart(Map.of(0, 0L, 1, 0L));
    ring.add(0, 0, 1000, EVENT);
    ring.add(1, 0, 1000 + Duration.ofMinutes(16).toMillis(), EVENT);
    assertTrue(ring.listen(Optional.of(at(-1, -1)), listener).stale());
  }

  @Test
  void anotherPartitionCountIsStaleAndARestartIsTold() {
    ring.restart(Map.of(0, 0L));
    assertTrue(ring.listen(Optional.of(at(-1, -1)), listener).stale());
    ring.restart(Map.of(0, 0L, 1, 0L));
    assertEquals(1, restarts);
    ring.leave(listener);
    ring.add(0, 0, 1000, EVENT);
    assertEquals(List.of(), heard);
  }

  @Test
  void aPositionIsReadBackFromItsText() {
    assertEquals("2/0:-1,1:7", at(-1, 7).toString());
    assertEquals(Optional.of(at(-1, 7)), Position.parse("2/0:-1,1:7"));
    for (String wrong :
        List.of("", "2/0:1", "x", "1/0:1x", "2/0:1,0:2", "1/0:99999999999999999999")) {
      assertEquals(Optional.empty(), Position.parse(wrong), wrong);
    }
  }
}
