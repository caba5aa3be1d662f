package dev.countersign.store.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Erasure;
import dev.countersign.store.users.UserKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tells that a database was set back, and what a batch of the topic says then. */
class ReachedTest {
  private static final UserKey ANN = new UserKey("default", "ann");
  private static final Reached NOTED = new Reached("00000001", Map.of(0, 5L, 1, 7L));

  @Test
  void aDatabaseGoesOnWithWhatWasNoted() {
    assertTrue(NOTED.continues(NOTED));
    assertTrue(NOTED.at(Map.of(0, 6L, 1, 7L, 2, 1L)).continues(NOTED));
  }

  @Test
  void aDatabaseThatKnowsLessOfAnyPartitionWasSetBack() {
    assertFalse(NOTED.at(Map.of(0, 9L, 1, 6L)).continues(NOTED));
    assertFalse(NOTED.at(Map.of(0, 9L)).continues(NOTED));
    assertFalse(new Reached("00000001", Map.of()).continues(NOTED));
  }

  @Test
  void aDatabaseOfAnotherTimelineMayHaveLostWhatWasNotNotedYet() {
    assertFalse(new Reached("00000002", NOTED.offsets()).continues(NOTED));
  }

  @Test
  void anEraseThatALowerRecordTellsOfGoesWithTheHighest() {
    assertEquals(
        List.of(new Published(ANN, 7, "{}", new Erasure(4, "e"))),
        Published.highest(
            List.of(
                new Published(ANN, 4, null, new Erasure(4, "e")),
                new Published(ANN, 7, "{}", null),
                new Published(ANN, 6, "{}", new Erasure(2, "d")),
                new Published(ANN, 0, null, null))));
  }

  @Test
  void aVersionThatWasGivenTwiceIsThereWithBothDocuments() {
    Published first = new Published(ANN, 4, "{}", null);
    Published second = new Published(ANN, 4, "{\"tools\":{}}", null);
    assertEquals(
        List.of(first, second),
        Published.highest(List.of(first, second, new Published(ANN, 3, "{}", null))));
  }

  @Test
  void twoErasesOfOneNumberAreBothThere() {
    Published first = new Published(ANN, 2, null, new Erasure(2, "x"));
    Published second = new Published(ANN, 2, null, new Erasure(2, "y"));
    Published later = new Published(ANN, 5, "{}", new Erasure(2, "y"));
    assertEquals(List.of(first, second), Published.highest(List.of(first, second)));
    assertEquals(List.of(first, later), Published.highest(List.of(first, second, later)));
  }
}
