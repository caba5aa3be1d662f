package dev.countersign.approval.edits;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.document.Difference;
import dev.countersign.document.DocumentEdit;
import dev.countersign.document.DocumentText;
import dev.countersign.document.Expiry;
import dev.countersign.document.Fault;
import dev.countersign.document.UnifiedDiff;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.ProposedEdit;
import dev.countersign.protocol.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * What a call of {@code edit_permissions} comes to. Made here from the document in force, whatever
 * the agent says of it.
 *
 * <p>Input: {@code oldText} and {@code newText}, with {@code version} if the agent wants the edit
 * to count only for the document it has read; or {@code document} and {@code version}.
 */
public sealed interface EditPlan {
  /** More than a person can be shown is not asked about. */
  int MOST_CHANGES = 200;

  /** The same for the size of all that is shown, in characters. */
  int MOST_SHOWN = 64 * 1024;

  /** It only tightens: it is stored at once. */
  record Tightens(PlannedEdit edit) implements EditPlan {}

  /** It loosens something: a person decides. */
  record Widens(PlannedEdit edit) implements EditPlan {}

  /**
   * Nothing becomes of it.
   *
   * @param code {@code text_not_found}, {@code ambiguous}, {@code version_conflict}, {@code
   *     invalid_request}, or why the document could not be stored
   */
  record Refused(String code, String detail) implements EditPlan {}

  /**
   * Works out what a call would make of a document.
   *
   * @param at what has ended by then makes the next version; what would have ended by then is none
   */
  static EditPlan of(RequestKey key, ToolCall call, CurrentDocument now, Instant at) {
    if (now.document() == null) {
      return new Refused("invalid_document", "the document in force cannot be read here");
    }
    JsonNode input = call.input();
    JsonNode version = given(input, "version");
    if (version != null && !version.canConvertToLong()) {
      return new Refused("invalid_request", "version must be the number of the version you read");
    }
    if (version != null && version.longValue() != now.version()) {
      return new Refused(
          "version_conflict",
          "the document is at version %d; read it again".formatted(now.version()));
    }
    if (!Expiry.ended(now.document(), at).isEmpty()) {
      return new Refused(
          "version_conflict", "something in the document has just ended; read it again");
    }
    JsonNode document = given(input, "document");
    JsonNode oldText = given(input, "oldText");
    JsonNode newText = given(input, "newText");
    String before = now.text();
    DocumentEdit.Result result;
    if (document != null && oldText == null && newText == null) {
      if (version == null) {
        return new Refused("invalid_request", "a whole document needs the version it replaces");
      }
      result = DocumentEdit.write(text(document));
    } else if (document == null && isText(oldText) && isText(newText)) {
      result = DocumentEdit.replace(before, oldText.textValue(), newText.textValue());
    } else {
      return new Refused(
          "invalid_request",
          "the input must hold the texts oldText and newText, or document and version");
    }
    if (result instanceof DocumentEdit.Result.Refused refused) {
      return new Refused(refused.code(), refused.detail());
    }
    DocumentEdit.Result.Edited edited = (DocumentEdit.Result.Edited) result;
    List<Fault> untimely = Expiry.faults(edited.document(), at);
    return untimely.isEmpty()
        ? compared(key, now, before, edited)
        : new Refused("invalid_document", untimely.get(0).sentence());
  }

  private static EditPlan compared(
      RequestKey key, CurrentDocument now, String before, DocumentEdit.Result.Edited edited) {
    Difference difference = Difference.between(now.document(), edited.document());
    List<String> tightens =
        difference.changes().stream()
            .filter(change -> !change.widens())
            .map(Difference.Change::text)
            .toList();
    JsonNode document = Json.readTree(edited.text().getBytes(StandardCharsets.UTF_8));
    if (!difference.widens()) {
      List<String> some = tightens.subList(0, Math.min(tightens.size(), MOST_CHANGES));
      ProposedEdit shown = new ProposedEdit(now.version(), List.of(), some, null);
      return new Tightens(new PlannedEdit(shown, document, null).atOnce(key));
    }
    String diff =
        UnifiedDiff.of(
            DocumentText.FILE_NAME + " (version " + now.version() + ")",
            before,
            DocumentText.FILE_NAME + " (as edited)",
            edited.text());
    ProposedEdit shown = new ProposedEdit(now.version(), difference.widening(), tightens, diff);
    return readable(shown)
        ? new Widens(new PlannedEdit(shown, document, null))
        : new Refused(
            "too_large",
            "it loosens something and changes more than a person can be shown at once; make"
                + " smaller edits");
  }

  private static boolean readable(ProposedEdit shown) {
    int lines = 0;
    int size = shown.diff().length();
    for (List<String> changes : List.of(shown.widens(), shown.tightens())) {
      lines += changes.size();
      size += changes.stream().mapToInt(String::length).sum();
    }
    return lines <= MOST_CHANGES && size <= MOST_SHOWN;
  }

  private static JsonNode given(JsonNode input, String field) {
    JsonNode value = input.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private static boolean isText(JsonNode value) {
    return value != null && value.isTextual();
  }

  /** A document as its writer wrote it, or as a JSON value. */
  private static String text(JsonNode document) {
    return document.isTextual()
        ? document.textValue()
        : new String(Json.write(document), StandardCharsets.UTF_8);
  }
}
