package dev.countersign.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.countersign.protocol.Problem;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  /** A title is one sentence for its code, with a field at fault or without. */
  @Test
  void whatNeedsMoreAuthorityHasATitleOfItsOwn() {
    Problem whole = Problems.notEntitled(null, "needs the role approver").problem();
    Problem setting = Problems.notEntitled("permissionMode", "needs the role bypass").problem();
    Problem malformed = Problems.invalid("invalid_setting", "profile", "must be a text").problem();

    assertEquals("This needs more authority.", whole.title());
    assertEquals(whole.title(), setting.title());
    assertNotEquals(whole.title(), malformed.title());
  }
}
