package dev.countersign.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.UserDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentReaderTest {
  private static InvalidDocumentException refused(String json) {
    return assertThrows(InvalidDocumentException.class, () -> DocumentReader.read(json));
  }

  private static void fault(String json, int line, int column, String detail) {
    InvalidDocumentException e = refused(json);
    Fault first = e.faults().get(0);
    assertTrue(first.sentence().contains(detail), first.sentence());
    assertEquals(line + ":" + column, first.line() + ":" + first.column(), first.sentence());
  }

  @Test
  void readsEverythingADocumentMayHold() throws Exception {
    UserDocument document =
        DocumentReader.read(
            """
            {"schemaVersion": 1,
             "rules": {"allow": ["Bash(npm run *)"], "ask": [], "deny": ["Read(~/.ssh/**)"]},
             "tools": {"Bash": {"level": "ask", "resources": {
               "npm test": {"level": "always", "until": "2030-01-01T01:00:00+01:00"}}}}}
            """);
    assertEquals(List.of("Bash(npm run *)"), document.rules().allow());
    assertEquals(
        new UserDocument.Entry("always", "2030-01-01T00:00:00Z"),
        document.tools().get("Bash").resources().get("npm test"));
  }

  @Test
  void namesTheLineAndColumnOfEveryFault() {
    fault("{\n  \"tools\": {,}\n}", 2, 13, "is not JSON");
    fault("{\n  \"tool\": {}\n}", 2, 3, "unknown key \"tool\"; known are schemaVersion");
    fault("{\"rules\":\n{\"allow\": \"Bash\"}}", 2, 11, "must be an array");
    fault("{\"rules\": {\"allow\": [1]}}", 1, 22, "rules.allow[0] must be a text");
    fault("{\"tools\":{\"é\":{\"level\":\"Ask\"}}}", 1, 24, "always, ask, never, in lower case");
    fault("{\"tools\":{\"A\":{\"resources\":{\"x\":{}}}}}", 1, 34, "needs a level");
    fault(
        "{\"tools\":{\"A\":{\"resources\":{\"x\":{\"level\":\"ask\",\"until\":\"soon\"}}}}}",
        1,
        56,
        "must be an instant");
    fault("{\"schemaVersion\": 2}", 1, 19, "must be the number 1");
    fault("[]", 1, 1, "must be a JSON object");
    fault("{} {}", 1, 4, "is followed by more text");
  }

  @Test
  void rulesAreReadAsThePolicyReadsThem() {
    fault("{\"rules\": {\n\"allow\": [\"Bash(ls)\",\n \"Bash(npm run *\"]}}", 3, 2, "bracket");
    fault("{\"rules\": {\"allow\": [\"*\"]}}", 1, 22, "over-broad");
    fault("{\"rules\": {\"deny\": [\"\"]}}", 1, 21, "an empty rule");
  }

  @Test
  void listsSeveralFaultsAtOnce() {
    InvalidDocumentException e =
        refused("{\"a\":1,\"b\":{\"c\":[1,2]},\"tools\":{\"x\":{\"level\":1,\"levels\":{}}}}");
    assertEquals(4, e.faults().size());
    assertEquals("invalid_document", e.code());
    assertTrue(e.getMessage().endsWith("(and 3 more)"), e.getMessage());
  }

  @Test
  void refusesWhatJsonParsersDisagreeAbout() {
    assertEquals("malformed_json", refused("{\"tools\":{},\"tools\":{}}").code());
    assertEquals("malformed_json", refused("").code());
    assertEquals("malformed_json", refused("{\"tools\":{\"a\":{\"level\":NaN}}}").code());
    assertEquals("malformed_json", refused("{} x").code());
    assertEquals(
        "malformed_json", refused("{\"x\":" + "[".repeat(1000) + "]".repeat(1000) + "}").code());
  }

  @Test
  void refusesNamesThatNobodyCanRead() {
    fault("{\"tools\":{\"a\\u0000\":{\"level\":\"ask\"}}}", 1, 11, "U+0000");
    fault("{\"tools\":{\"a\\ud800\":{\"level\":\"ask\"}}}", 1, 11, "U+D800");
    fault("{\"tools\":{\"\":{\"level\":\"ask\"}}}", 1, 11, "is empty");
    fault("{\"tools\":{\"*\":{\"level\":\"ask\"}}}", 1, 11, "over-broad");
    fault("{\"rules\":{\"deny\":[\"a\\u0007\"]}}", 1, 19, "U+0007");
  }

  @Test
  void refusesBytesThatAreNoText() {
    InvalidDocumentException e =
        assertThrows(
            InvalidDocumentException.class,
            () -> DocumentReader.read(new byte[] {'{', (byte) 0xff, '}'}));
    assertTrue(e.getMessage().contains("not UTF-8 from byte 1"), e.getMessage());
    assertEquals(
        "too_large",
        assertThrows(
                InvalidDocumentException.class,
                () -> DocumentReader.read(" ".repeat(600_000).getBytes(StandardCharsets.UTF_8)))
            .code());
  }
}
