package dev.countersign.approval.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.countersign.protocol.Fence;
import org.junit.jupiter.api.Test;

class PolicyCacheTest {
  private static final SessionKey ONE = new SessionKey("default", "s-1");
  private static final SessionKey TWO = new SessionKey("default", "s-2");
  private static final SessionKey THREE = new SessionKey("default", "s-3");
  private static final Fence BEFORE = new Fence(1, 4, 1);
  private static final Fence AFTER = new Fence(1, 5, 1);

  private final PolicyCache<String> cache = new PolicyCache<>(2);

  @Test
  void thePolicyOfAnErasedDocumentIsLetGoWithTheNextDecision() {
    cache.put(ONE, BEFORE, "c", "quotes the document");

    cache.put(ONE, AFTER, "c", "quotes nothing");

    assertNull(cache.get(ONE, BEFORE, "c"));
    assertEquals("quotes nothing", cache.get(ONE, AFTER, "c"));
  }

  @Test
  void aVersionThatStandsForSomethingElseIsNotKnown() {
    cache.put(ONE, BEFORE, "c", "p");

    assertNull(cache.get(ONE, BEFORE, "other"));
    assertNull(cache.get(TWO, BEFORE, "c"));
    assertEquals("p", cache.get(ONE, BEFORE, "c"));
  }

  @Test
  void theSessionThatWasUsedLongestAgoGivesWay() {
    cache.put(ONE, BEFORE, "c", "1");
    cache.put(TWO, BEFORE, "c", "2");
    cache.get(ONE, BEFORE, "c");

    cache.put(THREE, BEFORE, "c", "3");

    assertNull(cache.get(TWO, BEFORE, "c"));
    assertEquals("1", cache.get(ONE, BEFORE, "c"));
  }
}
