package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestartsTest {
  private Instant now = Instant.EPOCH;
  private final Restarts restarts = new Restarts(() -> now);

  /** A second for a crash, two minutes for one that hangs until nobody waits any longer. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 120, 86_400})
  void aPartThatAlwaysEndsIsCountedHoweverLongEachAttemptTakesAndTheOthersAreNot(long seconds) {
    for (int i = 1; i <= 3 * Restarts.MOST; i++) {
      assertEquals(i, restarts.ended("store"));
      now = now.plus(Duration.ofSeconds(seconds));
    }
    assertEquals(1, restarts.ended("gateway"));
  }

  @Test
  void aPartThatEndsSoonAfterItWasReadyIsCountedOn() {
    for (int i = 1; i <= 3 * Restarts.MOST; i++) {
      assertEquals(i, restarts.ended("store"));
      restarts.ready("store", i);
      now = now.plus(Restarts.WITHIN).minusMillis(1);
    }
  }

  @Test
  void whatEndsNowAndThenIsStartedAgainForEver() {
    for (int i = 0; i < 10 * Restarts.MOST; i++) {
      assertEquals(1, restarts.ended("store"));
      restarts.ready("store", 1);
      now = now.plus(Restarts.WITHIN);
    }
  }

  @Test
  void whatEndedBeforeItsReadinessWasNotedIsNotReady() {
    assertEquals(1, restarts.ended("store"));
    assertEquals(2, restarts.ended("store"));
    restarts.ready("store", 1);
    now = now.plus(Restarts.WITHIN);
    assertEquals(3, restarts.ended("store"));
  }
}
