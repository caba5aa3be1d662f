package dev.countersign.store.publishing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.store.publishing.PublishedStore.Signing;
import org.junit.jupiter.api.Test;

class TopicWatchTest {
  /** Its key, noted at a renewal, is noted again where fewer are than what it remembers. */
  private static boolean saysItAgain(long remembered, Signing noted, String key) {
    return !noted.keyId().equals(key) && noted.renewal() < remembered;
  }

  @Test
  void aKeyThatADatabaseForgotIsSaidAgain() {
    long ours = TopicWatch.renewalOfOurs(Long.MAX_VALUE, new Signing("b", 6), "b");
    Signing setBack = new Signing("a", 5);
    ours = TopicWatch.renewalOfOurs(ours, setBack, "b");
    assertEquals(6, ours);
    assertTrue(saysItAgain(ours, setBack, "b"));
  }

  /** The older one saw the newer key once; then the database was set back beyond both. */
  @Test
  void anOlderKeyNeverTakesOverFromANewerOne() {
    long older = TopicWatch.renewalOfOurs(Long.MAX_VALUE, new Signing("a", 5), "a");
    older = TopicWatch.renewalOfOurs(older, new Signing("b", 6), "a");
    assertFalse(saysItAgain(older, new Signing("b", 4), "a"));
    older = TopicWatch.renewalOfOurs(older, new Signing("b", 4), "a");
    assertEquals(0, older);
  }

  @Test
  void itsOwnKeyIsFollowedHoweverOftenItIsRenewed() {
    long ours = TopicWatch.renewalOfOurs(3, new Signing("b", 9), "b");
    assertEquals(9, ours);
    assertEquals(2, TopicWatch.renewalOfOurs(ours, new Signing("b", 2), "b"));
  }
}
