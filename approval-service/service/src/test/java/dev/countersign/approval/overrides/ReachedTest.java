package dev.countersign.approval.overrides;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tells that a database was set back. */
class ReachedTest {
  private static final Reached NOTED = new Reached("00000001", Map.of(0, 5L, 1, 7L));

  @Test
  void aDatabaseGoesOnWithWhatWasNoted() {
    assertTrue(NOTED.continues(NOTED));
    assertTrue(NOTED.and(Map.of(0, 6L, 2, 1L)).continues(NOTED));
  }

  @Test
  void aDatabaseThatKnowsLessOfAnyPartitionWasSetBack() {
    assertFalse(new Reached("00000001", Map.of(0, 9L, 1, 6L)).continues(NOTED));
    assertFalse(NOTED.without(1).continues(NOTED));
  }

  @Test
  void aDatabaseOfAnotherTimelineMayHaveLostWhatWasNotNotedYet() {
    assertFalse(new Reached("00000002", NOTED.offsets()).continues(NOTED));
  }

  @Test
  void noOffsetGoesBack() {
    assertEquals(Map.of(0, 5L, 1, 8L), NOTED.and(Map.of(0, 4L, 1, 8L)).offsets());
  }
}
