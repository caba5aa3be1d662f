package dev.countersign.store.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.UserDocument;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static Outcome.Changed changed(Outcome outcome) {
    return assertInstanceOf(Outcome.Changed.class, outcome, outcome.toString());
  }

  private static Outcome.Refused refused(Outcome outcome) {
    return assertInstanceOf(Outcome.Refused.class, outcome, outcome.toString());
  }

  private static String set(String text, String tool, String resource, String level) {
    return changed(Documents.apply(new Change.SetOverride(tool, resource, level, false), text))
        .text();
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
        changed(
            Documents.apply(new Change.SetOverride("Bash", "git push *", "never", false), text));
    assertEquals(List.of("Bash git push origin"), push.cleared());
    assertEquals(Optional.of("always"), level(push.text(), "Bash", "git pull"));
    Outcome.Changed all =
        changed(Documents.apply(new Change.SetOverride("Bash", null, "never", false), text));
    assertEquals(List.of("Bash git pull", "Bash git push origin"), all.cleared());
    assertEquals(Optional.of("ask"), level(all.text(), "Bash", "git log"));
  }

  @Test
  void narrowerAlwaysStaysWhereItIsKeptOrTheLevelIsNoNever() {
    String text = set(DocumentText.EMPTY, "Bash", "make", "always");
    Outcome.Changed kept =
        changed(Documents.apply(new Change.SetOverride("Bash", null, "never", true), text));
    assertEquals(List.of(), kept.cleared());
    assertEquals(Optional.of("always"), level(kept.text(), "Bash", "make"));
    assertEquals(
        List.of(),
        changed(Documents.apply(new Change.SetOverride("Bash", null, "ask", false), text))
            .cleared());
  }

  @Test
  void aClearTakesBackExactlyThat() {
    String text = set(set(DocumentText.EMPTY, "Bash", "make", "always"), "Bash", null, "ask");
    String tool = changed(Documents.apply(new Change.ClearOverride("Bash", null), text)).text();
    assertEquals(Optional.of("always"), level(tool, "Bash", "make"));
    assertEquals(Optional.empty(), level(tool, "Bash", null));
    String both = changed(Documents.apply(new Change.ClearOverride("Bash", "make"), tool)).text();
    assertEquals(DocumentText.EMPTY, both);
    assertEquals(
        DocumentText.EMPTY,
        changed(Documents.apply(new Change.ClearOverride("X", null), DocumentText.EMPTY)).text());
  }

  @Test
  void rulesSurviveAChangeOfOverrides() {
    String text =
        changed(
                Documents.apply(
                    new Change.Edit("\"deny\": []", "\"deny\": [\"Read(/x)\"]"),
                    DocumentText.EMPTY))
            .text();
    assertTrue(set(text, "Bash", null, "ask").contains("Read(/x)"));
  }

  @Test
  void aLevelMustBeExact() {
    for (String level : List.of("Always", "NEVER", "allow", "")) {
      Outcome.Refused no =
          refused(
              Documents.apply(
                  new Change.SetOverride("Bash", null, level, false), DocumentText.EMPTY));
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
      Outcome.Refused no = refused(Documents.apply(change, DocumentText.EMPTY));
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
        "too_large",
        refused(Documents.apply(new Change.SetOverride("A", null, "ask", false), text)).code());
  }

  @Test
  void anEditChangesOneTextAndIsReadStrictly() {
    String text = set(set(DocumentText.EMPTY, "A", null, "ask"), "B", null, "ask");
    assertEquals(
        "ambiguous", refused(Documents.apply(new Change.Edit("ask", "never"), text)).code());
    assertEquals(
        "text_not_found", refused(Documents.apply(new Change.Edit("zzz", "never"), text)).code());
    assertEquals(
        "text_not_found", refused(Documents.apply(new Change.Edit("", "never"), text)).code());
    assertEquals(
        "malformed_json", refused(Documents.apply(new Change.Edit("\"A\"", "A"), text)).code());
    assertEquals(
        "invalid_document",
        refused(Documents.apply(new Change.Edit("\"tools\"", "\"tolos\""), text)).code());
    String edited = changed(Documents.apply(new Change.Edit("\"A\"", "\"C\""), text)).text();
    assertEquals(Optional.of("ask"), level(edited, "C", null));
  }

  @Test
  void overlappingOccurrencesAreAmbiguousToo() {
    String text = set(DocumentText.EMPTY, "aaa", null, "ask");
    assertEquals("ambiguous", refused(Documents.apply(new Change.Edit("aa", "b"), text)).code());
  }

  @Test
  void aRestoreNeedsAStoredVersion() {
    assertEquals("unknown_version", refused(Documents.restore(new Change.Restore(7), null)).code());
    String text = set(DocumentText.EMPTY, "A", null, "ask");
    assertEquals(text, changed(Documents.restore(new Change.Restore(7), text)).text());
  }

  @Test
  void writingWhatWasReadChangesNothing() {
    String text = set(set(DocumentText.EMPTY, "B", "x y", "always"), "A", null, "ask");
    assertEquals(text, DocumentText.write(DocumentText.read(text)));
  }
}
