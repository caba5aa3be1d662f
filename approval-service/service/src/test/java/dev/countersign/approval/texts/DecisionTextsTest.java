package dev.countersign.approval.texts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.requests.Outcomes;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Reasons;
import dev.countersign.protocol.DecidedBy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTextsTest {
  @Test
  void onlyAPersonsTextNamesAnApproval() {
    Instant deadline = Instant.parse("2026-01-01T12:00:00.123Z");
    for (String text :
        List.of(
            Outcomes.timeout(deadline).reason(),
            Outcomes.cancelled(null).reason(),
            DecisionTexts.tightened(7),
            DecisionTexts.documentMoved(),
            DecisionTexts.loosens(Reasons.documentEdit(), List.of("Bash: ask → always")),
            Reasons.documentEditUnasked(PermissionMode.BYPASS_PERMISSIONS),
            Outcomes.cancelled("The session was closed.").reason(),
            Outcomes.system("override_not_stored", "it was not stored.").reason())) {
      assertFalse(text.contains("pproved"), text);
      assertFalse(text.contains("eclined"), text);
    }
    assertEquals(
        "Nobody answered by 2026-01-01T12:00:00Z; not run.", DecisionTexts.timeout(deadline));
    assertTrue(DecisionTexts.approvedBy("ann", " ").endsWith("ann."));
    assertEquals(
        "Approved by ann. The document is at version 7.",
        DecisionTexts.editApprovedBy("ann", null, 7));
    assertEquals(
        "X It would loosen: 1; 2; 3; 4; 5; and 1 more.",
        DecisionTexts.loosens("X", List.of("1", "2", "3", "4", "5", "6")));
  }

  @Test
  void stampsAreWhatTheTextSays() {
    assertEquals(DecidedBy.TIMEOUT, Outcomes.timeout(Instant.EPOCH).decidedBy());
    assertEquals(DecidedBy.CANCELLED, Outcomes.cancelled("x").decidedBy());
    assertEquals(DecidedBy.SYSTEM, Outcomes.system("expired", "old").decidedBy());
  }
}
