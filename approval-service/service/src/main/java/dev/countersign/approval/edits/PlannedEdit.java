package dev.countersign.approval.edits;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.ProposedEdit;

/**
 * What a request would make of its user's document. It counts only for the version it was made
 * from.
 *
 * @param shown what a person is shown of it
 * @param document the whole new document
 * @param commandId of the command that stores it because it only tightens; null where a person is
 *     asked
 */
public record PlannedEdit(ProposedEdit shown, JsonNode document, String commandId) {
  private static final String PREFIX = "edit:";

  /** The version it was made from. */
  public long version() {
    return shown.version();
  }

  /** The same, to be stored at once; sent again the command has the same id. */
  PlannedEdit atOnce(RequestKey key) {
    String request = String.join("/", key.tenant(), key.sessionId(), key.requestId());
    return new PlannedEdit(shown, document, PREFIX + Digest.of(request));
  }

  /** Whether a command's id is that of an edit no person was asked about. */
  public static boolean isCommand(String commandId) {
    return commandId != null && commandId.startsWith(PREFIX);
  }
}
