package dev.countersign.approval.prompts;

import dev.countersign.approval.db.NewerSchemaException;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.db.UnreadableRowException;
import dev.countersign.approval.edits.PlannedEdit;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.ProposedEdit;
import dev.countersign.protocol.ToolCall;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A prompt together with the request it is about.
 *
 * @param call null once the input was erased, or if it cannot be read
 * @param choice what a person chose; null before
 * @param problem why nothing can be decided about it; null if something can
 * @param edit what would become of the owner's document; null for any other call
 */
public record StoredPrompt(
    StoredRequest request,
    String question,
    List<PromptOption> options,
    Instant openedAt,
    ToolCall call,
    Choice choice,
    String problem,
    PlannedEdit edit) {

  /**
   * The answer that counts.
   *
   * @param replyTo the mark that its sender wants back; may be null
   * @param commandId of the command that stores an "always"; null for another choice
   */
  public record Choice(
      String answerId,
      String replyTo,
      String person,
      String optionId,
      String feedback,
      String commandId) {}

  /** The columns that {@link #read} needs beside those of {@code request r}. */
  public static final String COLUMNS =
      "r.*, p.reason AS question, p.options, p.opened_at, p.answer_id, p.answer_reply_to,"
          + " p.answered_by, p.option_id, p.feedback AS answer_feedback, p.command_id, i.call,"
          + " e.shown AS edit_shown, e.document AS edit_document, e.command_id AS edit_command";

  /** The joins that go with {@link #COLUMNS}, for {@code FROM request r}. */
  public static final String JOINS =
      " LEFT JOIN prompt p ON p.tenant = r.tenant AND p.id = r.prompt_id"
          + " LEFT JOIN request_input i ON i.tenant = r.tenant AND i.session_id = r.session_id"
          + " AND i.request_id = r.request_id"
          + " LEFT JOIN document_edit e ON e.tenant = r.tenant AND e.session_id = r.session_id"
          + " AND e.request_id = r.request_id";

  /** What a row's large columns come to, found without reading them. */
  public static final String BYTES =
      "coalesce(octet_length(i.call), 0)::bigint + coalesce(octet_length(p.options), 0)"
          + " + coalesce(octet_length(e.shown), 0) + coalesce(octet_length(e.document), 0)";

  /** Reads a row; the prompt's part is empty for a request that never had one. */
  public static StoredPrompt read(Row row) {
    byte[] stored = RequestRows.bytes(row, "call");
    List<PromptOption> options = List.of();
    ToolCall call = null;
    PlannedEdit edit = null;
    String problem = stored == null ? "the input was erased." : null;
    try {
      options = StoredOptions.read(RequestRows.bytes(row, "options"));
      call = stored == null ? null : StoredJson.read(stored, ToolCall.class, "the tool calls");
      edit = edit(row);
    } catch (NewerSchemaException e) {
      problem = e.getMessage();
    } catch (IllegalArgumentException e) {
      problem = "what was stored about it cannot be read: " + e.getMessage();
    }
    return new StoredPrompt(
        request(row),
        row.getString("question"),
        options,
        RequestRows.instant(row, "opened_at"),
        call,
        row.getString("answer_id") == null ? null : choice(row),
        problem,
        edit);
  }

  private static StoredRequest request(Row row) {
    try {
      return RequestRows.read(row);
    } catch (RuntimeException e) {
      throw new UnreadableRowException(row.getLong("seq"), e);
    }
  }

  private static PlannedEdit edit(Row row) {
    byte[] shown = RequestRows.bytes(row, "edit_shown");
    return shown == null
        ? null
        : new PlannedEdit(
            StoredJson.read(shown, ProposedEdit.class, "the edit"),
            Json.readTree(RequestRows.bytes(row, "edit_document")),
            row.getString("edit_command"));
  }

  private static Choice choice(Row row) {
    return new Choice(
        row.getString("answer_id"),
        row.getString("answer_reply_to"),
        row.getString("answered_by"),
        row.getString("option_id"),
        row.getString("answer_feedback"),
        row.getString("command_id"));
  }

  /**
   * Whether its owner's document is to be stored as edited: nobody is asked, or a person agreed.
   */
  public boolean storesEdit() {
    return edit != null
        && (edit.commandId() != null
            || choice != null && choice.optionId().equals(PromptOptions.ALLOW_ONCE));
  }

  /** An option by its id. */
  public Optional<PromptOption> option(String optionId) {
    return options.stream().filter(o -> o.optionId().equals(optionId)).findFirst();
  }

  /** The prompt as approval UIs see it; only while it is open or settling. */
  public PromptState state() {
    boolean open = request.state() == StoredRequest.State.OPEN;
    return new PromptState(
        request.key().tenant(),
        request.promptId(),
        request.key().sessionId(),
        request.key().requestId(),
        request.owner(),
        request.rev(),
        open ? PromptState.State.OPEN : PromptState.State.SETTLING,
        call,
        request.digest(),
        question,
        open ? options : List.of(),
        openedAt,
        request.deadline(),
        edit == null ? null : edit.shown());
  }
}
