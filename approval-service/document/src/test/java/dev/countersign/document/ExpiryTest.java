package dev.countersign.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.UserOverride;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpiryTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String SOON = "2026-01-01T12:00:01Z";
  private static final String LATER = "2026-01-02T12:00:00Z";

  private static final UserDocument DOCUMENT =
      new UserDocument(
          1,
          null,
          Map.of(
              "Bash",
              new UserDocument.Tool(
                  "ask",
                  Map.of(
                      "make", new UserDocument.Entry("always", LATER),
                      "ls", new UserDocument.Entry("always", null)),
                  SOON),
              "Read",
              new UserDocument.Tool("never", null, SOON)));

  @Test
  void theFirstEndCountsAndOnlyOneToCome() {
    assertEquals(Optional.of(Instant.parse(SOON)), Expiry.next(DOCUMENT, NOW));
    assertEquals(Optional.of(Instant.parse(LATER)), Expiry.next(DOCUMENT, Instant.parse(SOON)));
    assertEquals(Optional.empty(), Expiry.next(DOCUMENT, Instant.parse(LATER)));
  }

  @Test
  void whatHasEndedGoesAndTheRestStays() {
    Instant at = Instant.parse(SOON);
    assertEquals(DOCUMENT, Expiry.without(DOCUMENT, NOW));
    UserDocument left = Expiry.without(DOCUMENT, at);
    assertEquals(
        Map.of("Bash", new UserDocument.Tool(null, DOCUMENT.tools().get("Bash").resources(), null)),
        left.tools());
    assertEquals(
        List.of("Bash: ask until " + SOON, "Read: never until " + SOON),
        Expiry.ended(DOCUMENT, at).stream().map(Expiry.Ended::shown).sorted().toList());
  }

  @Test
  void theGateAndTheDocumentAgreeOnWhatHasEnded() {
    for (Instant at : List.of(NOW, Instant.parse(SOON), Instant.parse(LATER))) {
      assertEquals(
          DocumentPolicy.overrides(Expiry.without(DOCUMENT, at), at).stream()
              .map(UserOverride::toString)
              .sorted()
              .toList(),
          DocumentPolicy.overrides(DOCUMENT, at).stream()
              .map(UserOverride::toString)
              .sorted()
              .toList());
    }
    assertEquals(
        List.of(new UserOverride("Bash", "ls", OverrideLevel.ALWAYS)),
        DocumentPolicy.overrides(DOCUMENT, Instant.parse(LATER)));
  }

  @Test
  void onlyATimeToComeIsAnEnd() {
    assertEquals(Optional.empty(), Expiry.faultOf(null, NOW));
    assertEquals(Optional.empty(), Expiry.faultOf("2026-01-01T13:00:01+01:00", NOW));
    assertTrue(Expiry.faultOf("2026-01-01T12:00:00Z", NOW).orElseThrow().contains("in the past"));
    assertTrue(Expiry.faultOf("2046-01-01T12:00:00Z", NOW).orElseThrow().contains("ten years"));
    assertTrue(Expiry.faultOf("+1000000000-01-01T00:00:00Z", NOW).isPresent());
    assertTrue(Expiry.faultOf("next week", NOW).orElseThrow().contains("must be an instant"));
  }
}
