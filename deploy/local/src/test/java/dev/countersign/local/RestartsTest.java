package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartsTest {
  private Instant now = Instant.EPOCH;
  private final Restarts restarts = new Restarts(() -> now);

  @Test
  void aPartThatAlwaysEndsIsGivenUpAndTheOthersAreNot() {
    for (int i = 0; i < Restarts.MOST; i++) {
      assertTrue(restarts.mayRestart("store"));
    }
    assertFalse(restarts.mayRestart("store"));
    assertTrue(restarts.mayRestart("gateway"));
  }

  @Test
  void whatEndsNowAndThenIsStartedAgainForEver() {
    for (int i = 0; i < 10 * Restarts.MOST; i++) {
      assertTrue(restarts.mayRestart("store"));
      now = now.plus(Restarts.WITHIN.dividedBy(Restarts.MOST - 1));
    }
  }
}
