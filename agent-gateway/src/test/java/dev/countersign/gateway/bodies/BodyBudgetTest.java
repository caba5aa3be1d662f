package dev.countersign.gateway.bodies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.gateway.http.ProblemException;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  private static final long MIB = 1024 * 1024;

  private final BodyBudget budget = new BodyBudget(4 * MIB);

  private static int refused(BodyBudget.Share share, long bytes) {
    return assertThrows(ProblemException.class, () -> share.grow(bytes)).problem().status();
  }

  @Test
  void oneCallerGetsHalfAndTheOthersGoOn() {
    BodyBudget.Share first = budget.open("alice");
    first.grow(2 * MIB);
    assertEquals(429, refused(budget.open("alice"), 1));
    budget.open("bob").grow(MIB);
    assertEquals(3 * MIB, budget.inUse());
    first.release();
    budget.open("alice").grow(MIB);
    assertEquals(2 * MIB, budget.inUse());
  }

  @Test
  void whenAllIsTakenTheReplicaSaysSo() {
    budget.open("alice").grow(2 * MIB);
    budget.open("bob").grow(2 * MIB);
    assertEquals(503, refused(budget.open("carol"), 1));
  }

  @Test
  void growingCountsWhatIsAddedAndReleasingTwiceGivesBackOnce() {
    BodyBudget.Share share = budget.open("alice");
    share.grow(100);
    share.grow(50);
    share.grow(300);
    assertEquals(300, budget.inUse());
    share.release();
    share.release();
    share.grow(500);
    assertEquals(0, budget.inUse());
  }

  @Test
  void aBudgetForLessThanTwoRequestsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new BodyBudget(MIB));
  }
}
