package dev.countersign.document;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.UserDocument;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an edit makes of a document: pure functions of the edit and the present text. */
public final class DocumentEdit {
  private DocumentEdit() {}

  /** What an edit comes to. Nothing is stored yet. */
  public sealed interface Result {
    /**
     * A document that may be stored.
     *
     * @param text the document in its normal form
     */
    record Edited(UserDocument document, String text) implements Result {}

    /**
     * The document stays.
     *
     * @param code {@code text_not_found}, {@code ambiguous}, {@code malformed_json}, {@code
     *     invalid_document} or {@code too_large}
     * @param detail what is wrong and what would be right, in one sentence
     * @param faults every fault where a document was refused; empty otherwise
     */
    record Refused(String code, String detail, List<Fault> faults) implements Result {
      public Refused {
        faults = List.copyOf(faults);
      }
    }
  }

  /**
   * Replaces a text that stands exactly once in the document.
   *
   * @param text the present document in its normal form
   */
  public static Result replace(String text, String oldText, String newText) {
    if (oldText.isEmpty()) {
      return refused("text_not_found", "the old text is empty; name what to replace");
    }
    int first = text.indexOf(oldText);
    if (first < 0) {
      return refused("text_not_found", "the old text is not in the document; read it again");
    }
    if (text.indexOf(oldText, first + 1) >= 0) {
      return refused(
          "ambiguous", "the old text is in the document more than once; include more around it");
    }
    return write(text.substring(0, first) + newText + text.substring(first + oldText.length()));
  }

  /** Replaces the whole document by what somebody wrote. */
  public static Result write(String json) {
    try {
      return fitting(DocumentReader.read(json));
    } catch (InvalidDocumentException e) {
      return refused(e);
    }
  }

  /** Drops tools that settle nothing, and refuses what is over the limit. */
  public static Result fitting(UserDocument document) {
    Map<String, UserDocument.Tool> tools = new TreeMap<>(document.tools());
    tools.values().removeIf(tool -> tool.level() == null && tool.resources().isEmpty());
    UserDocument trimmed = new UserDocument(document.schemaVersion(), document.rules(), tools);
    String text = DocumentText.write(trimmed);
    int size = DocumentText.size(text);
    return size > Json.MAX_DOCUMENT_BYTES
        ? refused(DocumentReader.tooLarge(size))
        : new Result.Edited(trimmed, text);
  }

  private static Result refused(String code, String detail) {
    return new Result.Refused(code, detail, List.of());
  }

  private static Result refused(InvalidDocumentException e) {
    return new Result.Refused(e.code(), e.getMessage(), e.faults());
  }
}
