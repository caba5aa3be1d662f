package dev.countersign.approval.edits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.requests.RequestKey;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EditPlanTest {
  private static final RequestKey KEY = new RequestKey("default", "s1", "r1");
  private static final CurrentDocument NOW =
      new CurrentDocument(
          7,
          new UserDocument(
              1,
              null,
              Map.of(
                  "Bash",
                  new UserDocument.Tool(
                      null, Map.of("git push *", new UserDocument.Entry("ask", null))))));

  private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");
  private static final String OLD = level("ask");

  private static String level(String word) {
    return "\"level\": \"" + word + "\"";
  }

  private static EditPlan plan(Object... input) {
    Map<String, Object> fields = new HashMap<>();
    for (int i = 0; i < input.length; i += 2) {
      fields.put((String) input[i], input[i + 1]);
    }
    ToolCall call =
        new ToolCall("edit_permissions", Json.mapper().valueToTree(fields), null, null, null, null);
    return EditPlan.of(KEY, call, NOW, AT);
  }

  private static void refused(String code, Object... input) {
    assertEquals(code, assertInstanceOf(EditPlan.Refused.class, plan(input)).code());
  }

  @Test
  void anEditThatWidensShowsWhatAPersonDecidesOn() {
    PlannedEdit edit =
        assertInstanceOf(
                EditPlan.Widens.class,
                plan("oldText", OLD, "newText", level("always"), "diff", "nothing to see"))
            .edit();
    assertEquals(7, edit.version());
    assertEquals(List.of("Bash \"git push *\": ask → always"), edit.shown().widens());
    assertEquals(
        """
        --- PERMISSIONS.json (version 7)
        +++ PERMISSIONS.json (as edited)
        @@ -9,7 +9,7 @@
             "Bash": {
               "resources": {
                 "git push *": {
        -          "level": "ask"
        +          "level": "always"
                 }
               }
             }
        """,
        edit.shown().diff());
    assertEquals("always", edit.document().at("/tools/Bash/resources/git push */level").asText());
    assertEquals(null, edit.commandId());
  }

  @Test
  void anEditThatTightensIsStoredAtOnceUnderTheSameIdEachTime() {
    PlannedEdit edit =
        assertInstanceOf(EditPlan.Tightens.class, plan("oldText", OLD, "newText", level("never")))
            .edit();
    assertTrue(PlannedEdit.isCommand(edit.commandId()));
    assertEquals(
        edit, ((EditPlan.Tightens) plan("oldText", OLD, "newText", level("never"))).edit());
    assertEquals(List.of("Bash \"git push *\": ask → never"), edit.shown().tightens());
  }

  @Test
  void aWholeDocumentReplacesTheVersionItNames() {
    Map<String, Object> empty = Map.of("tools", Map.of());
    assertInstanceOf(EditPlan.Widens.class, plan("document", empty, "version", 7));
    assertInstanceOf(EditPlan.Widens.class, plan("document", "{\"tools\": {}}", "version", 7));
    refused("invalid_request", "document", empty);
    refused("version_conflict", "document", empty, "version", 6);
  }

  @Test
  void whatCannotBecomeADocumentIsRefusedAsForPeople() {
    refused("text_not_found", "oldText", "nowhere", "newText", "x");
    refused("ambiguous", "oldText", "\"", "newText", "x");
    refused("malformed_json", "oldText", OLD, "newText", "\"level\": ask");
    refused("invalid_document", "oldText", OLD, "newText", level("Ask"));
    refused("version_conflict", "oldText", OLD, "newText", level("never"), "version", 8);
    refused("invalid_request", "oldText", OLD, "newText", level("never"), "version", "7");
    refused("invalid_request", "oldText", OLD);
    refused("invalid_request", "oldText", OLD, "newText", 5);
    refused("invalid_request");
    refused("invalid_request", "document", "{}", "version", 7, "oldText", "a", "newText", "b");
    assertEquals(
        "line 12, column 20",
        ((EditPlan.Refused) plan("oldText", OLD, "newText", level("Ask"))).detail().split(":")[0]);
  }

  @Test
  void whatHasEndedMakesTheNextVersionAndCannotBeWritten() {
    refused(
        "invalid_document",
        "oldText",
        OLD,
        "newText",
        level("never") + ", \"until\": \"2026-01-01T11:00:00Z\"");
    CurrentDocument ending =
        new CurrentDocument(
            7,
            new UserDocument(
                1, null, Map.of("Bash", new UserDocument.Tool("ask", null, AT.toString()))));
    ToolCall call =
        new ToolCall(
            "edit_permissions",
            Json.mapper().valueToTree(Map.of("oldText", OLD, "newText", level("never"))),
            null,
            null,
            null,
            null);
    assertEquals(
        "version_conflict",
        assertInstanceOf(EditPlan.Refused.class, EditPlan.of(KEY, call, ending, AT)).code());
    assertInstanceOf(EditPlan.Tightens.class, EditPlan.of(KEY, call, ending, AT.minusSeconds(1)));
  }

  @Test
  void nobodyIsAskedAboutMoreThanCanBeShown() {
    StringBuilder tools = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      tools.append(i == 0 ? "" : ",").append("\"t").append(i).append("\":{\"level\":\"always\"}");
    }
    refused("too_large", "document", "{\"tools\":{" + tools + "}}", "version", 7);
    String harmless = tools.toString().replace("always", "ask");
    refused(
        "too_large",
        "document",
        "{\"tools\":{" + harmless + ",\"x\":{\"level\":\"always\"}}}",
        "version",
        7);
    assertInstanceOf(
        EditPlan.Tightens.class,
        plan("oldText", "\"tools\": {", "newText", "\"tools\": {" + harmless + ","));
  }
}
