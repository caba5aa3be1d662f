package dev.countersign.approval.edits;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.UserDocument;

/**
 * What a user settled, as the decisions here see it.
 *
 * @param version 0 before the first change
 * @param document null if it cannot be read here
 */
public record CurrentDocument(long version, UserDocument document) {
  /** Nothing was ever settled. */
  public static final CurrentDocument NONE = new CurrentDocument(0, UserDocument.EMPTY);

  /** The document in its normal form: the text that an edit's old text must stand in. */
  public String text() {
    return DocumentText.write(document);
  }
}
