package dev.countersign.policy.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DomainPatternTest {
  @Test
  void everyNameAboveAHostIsLookedAt() {
    assertEquals(List.of("a.b.c", "b.c", "c"), DomainPattern.above("a.b.c"));
    assertEquals(List.of("c"), DomainPattern.above("c"));
  }

  @Test
  void aHostThatIsTooLongCostsNoMoreAndStillMeetsItsDeny() {
    String host = "a.".repeat(500_000) + "evil.com";
    assertTrue(DomainPattern.above(host).size() < 260);
    assertTrue(DomainPattern.of("evil.com").forbids(host));
    assertTrue(DomainPattern.of("*.evil.com").forbids(host));
    assertFalse(DomainPattern.of("good.com").forbids(host));
    assertFalse(DomainPattern.of("evil.com").matches(host));
  }
}
