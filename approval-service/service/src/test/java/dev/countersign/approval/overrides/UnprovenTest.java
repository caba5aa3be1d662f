package dev.countersign.approval.overrides;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.kafka.InboundRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnprovenTest {
  private final Unproven unproven = new Unproven();

  @BeforeEach
  void reading() {
    unproven.readAgain("topic");
  }

  private static InboundRecord record(int partition, long offset, String user) {
    return new InboundRecord(
        "override.documents",
        partition,
        offset,
        Instant.EPOCH,
        user.getBytes(StandardCharsets.UTF_8),
        new byte[0],
        Map.of());
  }

  private boolean refused(int partition, long offset, String user, String code) {
    return unproven.refused(record(partition, offset, user), code);
  }

  @Test
  void aRefusalThatCouldNotBeToldIsToldWhenItIsReadAgain() {
    assertTrue(refused(0, 5, "u", "missing_token"));
    unproven.readAgain("topic");
    assertTrue(refused(0, 5, "u", "missing_token"));
    unproven.told();
    unproven.readAgain("topic");
    assertFalse(refused(0, 5, "u", "missing_token"));
  }

  @Test
  void whatATopicToldIsNotWhatItsSuccessorTells() {
    refused(0, 5, "u", "missing_token");
    unproven.told();
    unproven.readAgain("topic made anew");
    assertTrue(refused(0, 5, "u", "missing_token"));
  }

  @Test
  void theTopicCountsAsReadUpToTheFirstThatMayYetBeProven() {
    refused(0, 5, "u", "unknown_key");
    refused(0, 7, "v", "unknown_key");
    refused(1, 3, "w", "bad_signature");
    assertEquals(Map.of(0, 5L, 1, 9L), unproven.readTo(Map.of(0, 9L, 1, 9L)));
    unproven.proven(record(0, 8, "u"));
    assertEquals(Map.of(0, 7L, 1, 9L), unproven.readTo(Map.of(0, 9L, 1, 9L)));
  }

  @Test
  void whatIsRememberedIsBoundedAndNothingIsPassedOver() {
    int most = Unproven.MOST;
    for (int i = 0; i < most + 10; i++) {
      assertTrue(refused(0, i, "u" + i, "unknown_key"));
    }
    unproven.told();
    assertEquals(most, unproven.users());
    for (int i = 0; i < most; i++) {
      unproven.proven(record(0, most + 10 + i, "u" + i));
    }
    Map<Integer, Long> to = unproven.readTo(Map.of(0, 3L * most));
    assertEquals(Map.of(0, (long) most), to);
    unproven.passed(to);
    unproven.readAgain("topic");
    assertTrue(refused(0, most, "u" + most, "unknown_key"));
    unproven.told();
    unproven.readAgain("topic");
    assertFalse(refused(0, most, "u" + most, "unknown_key"));
  }
}
