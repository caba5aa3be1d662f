package dev.countersign.store.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.countersign.policy.RuleEffect;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An import adds; an agent's file never loosens what the document says. */
class MergeTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static UserDocument document(List<String> ask, List<String> deny, String level) {
    return new UserDocument(
        null, new RuleSet(null, ask, deny), Map.of("bash", new UserDocument.Tool(level, Map.of())));
  }

  private static Item override(String resource, String level) {
    return Item.carried(1, "x", List.of(new Entry.OfOverride("bash", resource, level, null)), null);
  }

  private static ReportLine only(Item item, UserDocument before, boolean own) {
    return Merge.of(List.of(item), before, own, NOW).lines().get(0);
  }

  @Test
  void anAgentsFileDoesNotOpenAToolThatTheDocumentCloses() {
    UserDocument closed = document(List.of(), List.of(), "never");
    assertEquals(
        "the document says never for all of bash",
        only(override("git *", "always"), closed, false).note());
    assertEquals("the document says never", only(override(null, "ask"), closed, false).note());
    assertFalse(Merge.of(List.of(override(null, "ask")), closed, false, NOW).changed());
  }

  @Test
  void anAgentsFileDoesNotLiftAnAskOfTheDocument() {
    UserDocument asks = document(List.of("Bash(git push *)"), List.of(), null);
    assertEquals(
        "the document asks: Bash(git push *)",
        only(override("git *", "always"), asks, false).note());
  }

  @Test
  void aStricterLevelReplacesALooserOne() {
    UserDocument open = document(List.of(), List.of(), "always");
    ReportLine line = only(override(null, "never"), open, false);
    assertEquals(ReportLine.Outcome.CARRIED_OVER, line.outcome());
    assertEquals("was always", line.note());
  }

  @Test
  void aDocumentOfOursReplacesLevels() {
    UserDocument closed = document(List.of(), List.of(), "never");
    assertEquals("was never", only(override(null, "always"), closed, true).note());
  }

  @Test
  void whatIsDeniedIsNotAllowedBesides() {
    UserDocument denies = document(List.of(), List.of("Bash(rm *)"), null);
    Item allow =
        Item.carried(1, "x", List.of(new Entry.OfRule(RuleEffect.ALLOW, "Bash(rm *)")), null);
    assertEquals("the document denies this", only(allow, denies, false).note());
  }

  @Test
  void endsStayAndWhatHasEndedIsLeftOut() {
    UserDocument before =
        new UserDocument(
            null,
            null,
            Map.of("bash", new UserDocument.Tool("always", Map.of(), "2026-06-01T00:00:00Z")));
    assertEquals(
        "the document says always until 2026-06-01T00:00:00Z",
        only(override(null, "always"), before, false).note());
    Merge.Merged merged = Merge.of(List.of(override("ls", "never")), before, false, NOW);
    assertEquals("2026-06-01T00:00:00Z", merged.document().tools().get("bash").until());
    Entry ended = new Entry.OfOverride("bash", "ls", "always", "2025-12-31T00:00:00Z");
    ReportLine line = only(Item.carried(1, "x", List.of(ended), null), before, true);
    assertEquals(ReportLine.Outcome.LEFT_OUT, line.outcome());
    assertEquals("its end is in the past; here it is 2026-01-01T00:00:00Z", line.note());
  }
}
