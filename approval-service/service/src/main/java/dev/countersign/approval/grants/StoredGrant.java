package dev.countersign.approval.grants;

import dev.countersign.approval.requests.RequestRows;
import dev.countersign.protocol.ToolCall;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;

/**
 * A grant as it is stored, alive or dead.
 *
 * @param requestId the request whose prompt it came from; null if it was given outside one
 * @param digest of the one call it holds for; null if it holds for a resource
 * @param usesLeft null together with {@code uses} if it is not counted
 * @param endsAt null for no end
 * @param ended why it died; null while it lives
 */
public record StoredGrant(
    long seq,
    String tenant,
    String id,
    String user,
    String sessionId,
    String turnId,
    String requestId,
    String tool,
    String resource,
    String digest,
    Integer uses,
    Integer usesLeft,
    Instant endsAt,
    String givenBy,
    Instant givenAt,
    String ended,
    String endedBy,
    Instant deadAt) {
  static StoredGrant read(Row row) {
    return new StoredGrant(
        row.getLong("seq"),
        row.getString("tenant"),
        row.getString("id"),
        row.getString("user_id"),
        row.getString("session_id"),
        row.getString("turn_id"),
        row.getString("request_id"),
        row.getString("tool"),
        row.getString("resource"),
        row.getString("digest"),
        row.getInteger("uses"),
        row.getInteger("uses_left"),
        RequestRows.instant(row, "ends_at"),
        row.getString("given_by"),
        RequestRows.instant(row, "given_at"),
        row.getString("ended"),
        row.getString("ended_by"),
        RequestRows.instant(row, "dead_at"));
  }

  /**
   * A living grant that was judged under another policy than the one in force.
   *
   * @param call the call it came from; null once the input was erased, or if it came from none
   * @param inPlan whether the prompt it answers was raised in plan mode
   * @param closed whether its session was closed
   */
  public record Stale(StoredGrant grant, ToolCall call, boolean inPlan, boolean closed) {}

  /**
   * Something that happened to a grant.
   *
   * @param what {@code given}, or why it ended
   * @param key tells it from others of the same moment
   */
  public record Event(Instant at, String what, String key, StoredGrant grant) {
    static Event read(Row row) {
      return new Event(
          RequestRows.instant(row, "at"),
          row.getString("what"),
          row.getString("key"),
          StoredGrant.read(row));
    }
  }

  /** Whether its user has erased their document since: then nothing is left but its key. */
  boolean isErased() {
    return "erased".equals(ended);
  }

  /** {@code active}, {@code used_up}, {@code expired}, or {@code ended} for every other end. */
  public String state() {
    if (ended == null) {
      return "active";
    }
    return ended.equals("used_up") || ended.equals("expired") ? ended : "ended";
  }

  /** Whether it is for the same as an order. */
  boolean isFor(GrantOrder order, Instant end) {
    return tool.equals(order.tool())
        && java.util.Objects.equals(resource, order.resource())
        && java.util.Objects.equals(sessionId, order.session())
        && java.util.Objects.equals(turnId, order.turn())
        && java.util.Objects.equals(uses, order.uses())
        && java.util.Objects.equals(endsAt, end);
  }
}
