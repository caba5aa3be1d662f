package dev.countersign.gateway.bodies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.http.ProblemException;
import java.util.List;
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
  void howeverManyTakeAllTheyCanSomethingIsLeft() {
    BodyBudget large = new BodyBudget(32 * MIB);
    long last = Long.MAX_VALUE;
    for (String greedy : List.of("alice", "alice by agents", "bob", "bob by agents", "carol")) {
      long got = allOf(large, greedy);
      assertTrue(got < last, greedy + " got " + got);
      last = got;
    }
    assertTrue(large.inUse() < 32 * MIB);
    large.open("dave").grow(400 * 1024);
  }

  private static long allOf(BodyBudget budget, String caller) {
    BodyBudget.Share share = budget.open(caller);
    long got = 0;
    try {
      for (long next = 1024; ; next += 1024) {
        share.grow(next);
        got = next;
      }
    } catch (ProblemException full) {
      return got;
    }
  }

  @Test
  void theReserveIsThereForEveryCallerAndEveryByteIsCounted() {
    budget.open("alice").grow(2 * MIB);
    budget.open("bob").grow(MIB);
    budget.open("carol").grow(MIB / 2);
    assertEquals(503, refused(budget.open("dave"), MIB / 2));
    for (int i = 0; i < 4; i++) {
      budget.open("dave").grow(BodyBudget.RESERVE / 4);
    }
    assertEquals(3 * MIB + MIB / 2 + BodyBudget.RESERVE, budget.inUse());
  }

  @Test
  void whatMustBeSaidIsCountedAlsoWhereThereIsNoRoom() {
    BodyBudget.Share answer = budget.open("alice");
    answer.addAnyway(3 * MIB);
    assertEquals(3 * MIB, budget.inUse());
    assertEquals(429, refused(budget.open("alice"), 1));
    answer.release();
    answer.addAnyway(MIB);
    assertEquals(0, budget.inUse());
  }

  @Test
  void aSmallBudgetLowersTheLimitOfTheLargestBodies() {
    assertEquals(2 * MIB, BodyLimits.of("/v1/evaluate", budget));
    assertEquals(MIB, BodyLimits.of("/v1/sessions", budget));
    assertEquals(BodyLimits.EVALUATE, BodyLimits.of("/v1/evaluate", new BodyBudget(64 * MIB)));
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
