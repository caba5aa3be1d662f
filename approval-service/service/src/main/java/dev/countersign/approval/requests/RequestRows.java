package dev.countersign.approval.requests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Execution;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.Json;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;

/** Reads rows of {@code request}, and words as they stand in it. */
public final class RequestRows {
  private RequestRows() {}

  /** The key of a row of any table that names a request. */
  public static RequestKey key(Row row) {
    return new RequestKey(
        row.getString("tenant"), row.getString("session_id"), row.getString("request_id"));
  }

  /** The stored request of a row with all columns of {@code request}. */
  public static StoredRequest read(Row row) {
    return new StoredRequest(
        key(row),
        row.getLong("seq"),
        row.getString("owner"),
        row.getString("tool"),
        row.getString("digest"),
        row.getString("turn_id"),
        row.getString("claimed_mode"),
        row.getString("agent_asks"),
        word(StoredRequest.State.class, row.getString("state")),
        instant(row, "requested_at"),
        new ReplyAddress(row.getString("reply_topic"), row.getString("reply_to")),
        row.getInteger("source_partition"),
        row.getLong("source_offset"),
        fence(row),
        row.getString("mode"),
        row.getString("prompt_id"),
        instant(row, "deadline"),
        outcome(row),
        instant(row, "decided_at"),
        row.getLong("rev"));
  }

  private static Outcome outcome(Row row) {
    if (row.getString("effect") == null) {
      return null;
    }
    return new Outcome(
        word(Effect.class, row.getString("effect")),
        word(DecidedBy.class, row.getString("decided_by")),
        row.getString("code"),
        row.getString("reason"),
        row.getString("rule"),
        row.getString("decided_user"),
        row.getString("feedback"),
        json(row, "edited_input"),
        word(Execution.class, row.getString("execution")),
        row.getBoolean("unproven"),
        lines(row.getString("trace")));
  }

  /** The fence columns of a row. */
  public static Fence fence(Row row) {
    return new Fence(
        row.getLong("fence_managed"), row.getLong("fence_document"), row.getLong("fence_session"));
  }

  /** A time, or null. */
  public static Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }

  /** Bytes, or null. */
  public static byte[] bytes(Row row, String column) {
    Buffer buffer = row.getBuffer(column);
    return buffer == null ? null : buffer.getBytes();
  }

  /** An enum as its word, or null. */
  public static String word(Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT);
  }

  /** Lines as one text. */
  public static String text(List<String> lines) {
    return String.join("\n", lines.stream().map(line -> line.replace('\n', ' ')).toList());
  }

  private static List<String> lines(String text) {
    return text == null || text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }

  private static JsonNode json(Row row, String column) {
    byte[] bytes = bytes(row, column);
    return bytes == null ? null : Json.readTree(bytes);
  }

  private static <E extends Enum<E>> E word(Class<E> type, String word) {
    return word == null ? null : Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }
}
