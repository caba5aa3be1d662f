package dev.countersign.store.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static Outcome apply(Change change, String text) {
    return Documents.apply(change, text, NOW);
  }

  private static Outcome restore(Change.Restore restore, String earlier) {
    return Documents.restore(restore, earlier, NOW);
  }

  private static Outcome.Changed changed(Outcome outcome) {
    return assertInstanceOf(Outcome.Changed.class, outcome, outcome.toString());
  }

  private static Outcome.Refused refused(Outcome outcome) {
    return assertInstanceOf(Outcome.Refused.class, outcome, outcome.toString());
  }

  private static String set(String text, String tool, String resource, String level) {
    return changed(apply(new Change.SetOverride(tool, resource, level, false), text)).text();
  }

  private static Optional<String> level(String text, String tool, String resource) {
    return Documents.find(DocumentText.read(text), tool, resource).map(UserDocument.Entry::level);
  }

  @Test
  void settlesAToolAndItsResourcesSideBySide() {
    String text = set(DocumentText.EMPTY, "Bash", "npm test", "always");
    text = set(text, "Bash", null, "ask");
    text = set(text, "Read", "~/.ssh/**", "never");
    assertEquals(Optional.of("always"), level(text, "Bash", "npm test"));
    assertEquals(Optional.of("ask"), level(text, "Bash", null));
    assertEquals(Optional.of("never"), level(text, "Read", "~/.ssh/**"));
    assertEquals(Optional.empty(), level(text, "Read", null));
    assertEquals(Optional.empty(), level(text, "Edit", "x"));
  }

  @Test
  void aBroaderNeverClearsNarrowerAlwaysAndSaysWhich() {
    String text = set(DocumentText.EMPTY, "Bash", "git push origin", "always");
    text = set(text, "Bash", "git pull", "always");
    text = set(text, "Bash", "git log", "ask");
    Outcome.Changed push =
        changed(apply(new Change.SetOverride("Bash", "git push *", "never", false), text));
    assertEquals(List.of("Bash git push origin"), push.cleared());
    assertEquals(Optional.of("always"), level(push.text(), "Bash", "git pull"));
    Outcome.Changed all =
        changed(apply(new Change.SetOverride("Bash", null, "never", false), text));
    assertEquals(List.of("Bash git pull", "Bash git push origin"), all.cleared());
    assertEquals(Optional.of("ask"), level(all.text(), "Bash", "git log"));
  }

  @Test
  void narrowerAlwaysStaysWhereItIsKeptOrTheLevelIsNoNever() {
    String text = set(DocumentText.EMPTY, "Bash", "make", "always");
    Outcome.Changed kept =
        changed(apply(new Change.SetOverride("Bash", null, "never", true), text));
    assertEquals(List.of(), kept.cleared());
    assertEquals(Optional.of("always"), level(kept.text(), "Bash", "make"));
    assertEquals(
        List.of(),
        changed(apply(new Change.SetOverride("Bash", null, "ask", false), text)).cleared());
  }

  @Test
  void aClearTakesBackExactlyThat() {
    String text = set(set(DocumentText.EMPTY, "Bash", "make", "always"), "Bash", null, "ask");
    String tool = changed(apply(new Change.ClearOverride("Bash", null), text)).text();
    assertEquals(Optional.of("always"), level(tool, "Bash", "make"));
    assertEquals(Optional.empty(), level(tool, "Bash", null));
    String both = changed(apply(new Change.ClearOverride("Bash", "make"), tool)).text();
    assertEquals(DocumentText.EMPTY, both);
    assertEquals(
        DocumentText.EMPTY,
        changed(apply(new Change.ClearOverride("X", null), DocumentText.EMPTY)).text());
  }

  @Test
  void rulesSurviveAChangeOfOverrides() {
    String text =
        changed(
                apply(
                    new Change.Edit("\"deny\": []", "\"deny\": [\"Read(/x)\"]"),
                    DocumentText.EMPTY))
            .text();
    assertTrue(set(text, "Bash", null, "ask").contains("Read(/x)"));
  }

  @Test
  void aLevelMustBeExact() {
    for (String level : List.of("Always", "NEVER", "allow", "")) {
      Outcome.Refused no =
          refused(apply(new Change.SetOverride("Bash", null, level, false), DocumentText.EMPTY));
      assertEquals("invalid_override", no.code());
      assertTrue(no.detail().contains("always, ask, never"), no.detail());
    }
  }

  @Test
  void overBroadNamesAreRefusedWithTheReason() {
    for (Change.SetOverride change :
        List.of(
            new Change.SetOverride("*", null, "always", false),
            new Change.SetOverride("mcp__*", null, "never", false),
            new Change.SetOverride("Bash", "*", "always", false),
            new Change.SetOverride("Read", "/**", "always", false))) {
      Outcome.Refused no = refused(apply(change, DocumentText.EMPTY));
      assertTrue(no.detail().startsWith("over-broad"), no.detail());
    }
  }

  @Test
  void aDocumentThatGrowsOverTheLimitIsRefused() {
    StringBuilder big = new StringBuilder("{\"rules\":{\"deny\":[\"Read(/x)\"");
    while (big.length() < 510 * 1024) {
      big.append(",\"Read(/x)\"");
    }
    String text = big.append("]}}").toString();
    assertEquals(
        "too_large", refused(apply(new Change.SetOverride("A", null, "ask", false), text)).code());
  }

  @Test
  void anEditChangesOneTextAndIsReadStrictly() {
    String text = set(set(DocumentText.EMPTY, "A", null, "ask"), "B", null, "ask");
    assertEquals("ambiguous", refused(apply(new Change.Edit("ask", "never"), text)).code());
    assertEquals("text_not_found", refused(apply(new Change.Edit("zzz", "never"), text)).code());
    assertEquals("text_not_found", refused(apply(new Change.Edit("", "never"), text)).code());
    assertEquals("malformed_json", refused(apply(new Change.Edit("\"A\"", "A"), text)).code());
    assertEquals(
        "invalid_document", refused(apply(new Change.Edit("\"tools\"", "\"tolos\""), text)).code());
    String edited = changed(apply(new Change.Edit("\"A\"", "\"C\""), text)).text();
    assertEquals(Optional.of("ask"), level(edited, "C", null));
  }

  @Test
  void overlappingOccurrencesAreAmbiguousToo() {
    String text = set(DocumentText.EMPTY, "aaa", null, "ask");
    assertEquals("ambiguous", refused(apply(new Change.Edit("aa", "b"), text)).code());
  }

  @Test
  void aRestoreNeedsAStoredVersion() {
    assertEquals("unknown_version", refused(restore(new Change.Restore(7), null)).code());
    String text = set(DocumentText.EMPTY, "A", null, "ask");
    assertEquals(text, changed(restore(new Change.Restore(7), text)).text());
  }

  @Test
  void writingWhatWasReadChangesNothing() {
    String text = set(set(DocumentText.EMPTY, "B", "x y", "always"), "A", null, "ask");
    assertEquals(text, DocumentText.write(DocumentText.read(text)));
  }

  @Test
  void whatIsKeptOrClearedIsNamed() {
    String text = set(DocumentText.EMPTY, "Bash", "npm test", "always");
    text = set(text, "Bash", "npm audit", "ask");
    Outcome.Changed cleared =
        changed(apply(new Change.SetOverride("Bash", null, "never", false), text));
    assertEquals(List.of("Bash npm test"), cleared.cleared());
    assertEquals(List.of(), cleared.kept());
    Outcome.Changed kept =
        changed(apply(new Change.SetOverride("Bash", null, "never", true), text));
    assertEquals(List.of(), kept.cleared());
    assertEquals(List.of("Bash npm test"), kept.kept());
  }

  private static Outcome until(String resource, String until) {
    return apply(
        new Change.SetOverride("Bash", resource, "always", false, until), DocumentText.EMPTY);
  }

  @Test
  void anEndIsStoredInUtcForAToolAndForAResource() {
    String resource = changed(until("make", "2026-02-01T12:00:00+02:00")).text();
    assertEquals(
        "2026-02-01T10:00:00Z",
        Documents.find(DocumentText.read(resource), "Bash", "make").orElseThrow().until());
    String tool = changed(until(null, "2026-02-01T12:00:00Z")).text();
    assertEquals(
        "2026-02-01T12:00:00Z",
        Documents.find(DocumentText.read(tool), "Bash", null).orElseThrow().until());
    // Settled again without an end, it has none.
    String again = set(tool, "Bash", null, "always");
    assertEquals(
        null, Documents.find(DocumentText.read(again), "Bash", null).orElseThrow().until());
  }

  @Test
  void anEndInThePastOrAbsurdlyFarIsRefused() {
    for (String until : List.of("2026-01-01T12:00:00Z", "1999-01-01T00:00:00Z")) {
      assertTrue(refused(until("make", until)).detail().startsWith("until is in the past"));
    }
    assertTrue(refused(until("make", "2126-01-01T00:00:00Z")).detail().contains("ten years"));
    assertTrue(refused(until("make", "soon")).detail().contains("must be an instant"));
    String past =
        "{\"tools\":{\"Bash\":{\"resources\":{\"make\":"
            + "{\"level\":\"always\",\"until\":\"2020-01-01T00:00:00Z\"}}}}}";
    Outcome.Refused written =
        refused(Documents.timely(apply(new Change.Write(DocumentText.read(past)), past), NOW));
    assertEquals("invalid_document", written.code());
    assertTrue(written.detail().startsWith("tools.\"Bash\".resources.\"make\".until is in"));
  }

  @Test
  void aRestoreLeavesOutWhatHasEnded() {
    String text = changed(until("make", "2026-02-01T12:00:00Z")).text();
    Instant later = Instant.parse("2026-03-01T00:00:00Z");
    assertEquals(
        DocumentText.EMPTY, changed(Documents.restore(new Change.Restore(1), text, later)).text());
  }
}
