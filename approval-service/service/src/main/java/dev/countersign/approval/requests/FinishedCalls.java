package dev.countersign.approval.requests;

import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.policies.SessionKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Calls whose agents report that they ended. The first report is kept; no report touches a decision
 * or is answered.
 */
@ApplicationScoped
public class FinishedCalls {
  private static final int MOST = 100;

  private final Database database;
  private final RequestStore store;

  public FinishedCalls(Database database, RequestStore store) {
    this.database = database;
    this.store = store;
  }

  /** Notes the reports; returns dead letters of those that are about no call that was allowed. */
  List<Outgoing> handle(List<Reading.Finish> finishes, Instant now) {
    if (finishes.isEmpty()) {
      return List.of();
    }
    Map<RequestKey, Reading.Finish> wanted = new TreeMap<>();
    finishes.forEach(finish -> wanted.putIfAbsent(finish.key(), finish));
    note(List.copyOf(wanted.values()));
    Map<RequestKey, StoredRequest> stored =
        store.find(wanted.keySet()).stream()
            .collect(Collectors.toMap(StoredRequest::key, Function.identity()));
    List<Outgoing> out = new ArrayList<>();
    finishes.forEach(
        finish -> {
          StoredRequest request = stored.get(finish.key());
          if (request == null || !own(finish, request)) {
            out.add(DeadLetters.of(finish.record(), "unknown_request", now));
          } else if (!request.allowed()) {
            out.add(DeadLetters.of(finish.record(), "not_running", now));
          }
        });
    return out;
  }

  private static boolean own(Reading.Finish finish, StoredRequest request) {
    return finish.owner() == null || Objects.equals(finish.owner(), request.owner());
  }

  private void note(List<Reading.Finish> finishes) {
    Columns<Reading.Finish> columns =
        new Columns<>(finishes)
            .text("tenant", f -> f.key().tenant())
            .text("session_id", f -> f.key().sessionId())
            .text("request_id", f -> f.key().requestId())
            .text("owner", Reading.Finish::owner)
            .text("how", f -> RequestRows.word(f.finished().result()));
    String sql =
        """
        UPDATE request r SET finished_at = clock_timestamp(), finished_how = f.how
        FROM %s
        WHERE r.tenant = f.tenant AND r.session_id = f.session_id
          AND r.request_id = f.request_id AND (f.owner IS NULL OR f.owner = r.owner)
          AND r.effect = 'allow' AND r.finished_at IS NULL
        """
            .formatted(columns.unnest("f"));
    database.query(sql, columns.params());
  }

  /**
   * What runs in the background of a session and of those below it, the latest first; at most 100.
   * Nothing counts as running in a session that is closed, nor a day after it was allowed: agents
   * that never report must not add up. A report that comes later is noted all the same.
   */
  public List<RunningCall> running(SessionKey session) {
    String sql =
        """
        SELECT r.session_id, r.request_id, r.tool, r.decided_at
        FROM session s CROSS JOIN LATERAL (
          SELECT * FROM request r
          WHERE r.tenant = s.tenant AND r.session_id = s.id
            AND r.effect = 'allow' AND r.execution = 'background' AND r.finished_at IS NULL
            AND r.decided_at > statement_timestamp() - interval '1 day'
          ORDER BY r.decided_at DESC LIMIT $3) r
        WHERE s.tenant = $1 AND (s.id = $2 OR s.path @> ARRAY[$2::text]) AND s.closed_at IS NULL
        ORDER BY r.decided_at DESC, r.seq DESC LIMIT $3
        """;
    return database.query(sql, session.tenant(), session.id(), MOST).stream()
        .map(
            row ->
                new RunningCall(
                    row.getString("session_id"),
                    row.getString("request_id"),
                    row.getString("tool"),
                    RequestRows.instant(row, "decided_at")))
        .toList();
  }
}
