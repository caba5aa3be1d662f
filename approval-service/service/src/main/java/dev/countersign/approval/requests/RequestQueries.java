package dev.countersign.approval.requests;

import dev.countersign.approval.db.Database;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Reads requests for those who look at them. */
@ApplicationScoped
public class RequestQueries {
  private final Database database;
  private final RequestStore store;

  public RequestQueries(Database database, RequestStore store) {
    this.database = database;
    this.store = store;
  }

  /** The request with this key, if there is one. */
  public List<StoredRequest> find(RequestKey key) {
    return store.find(List.of(key));
  }

  /** The requests of any session with this id; at most 100. */
  public List<StoredRequest> withId(String tenant, String requestId) {
    return database
        .query(
            "SELECT * FROM request WHERE tenant = $1 AND request_id = $2 LIMIT 100",
            tenant,
            requestId)
        .stream()
        .map(RequestRows::read)
        .toList();
  }

  /**
   * Decided requests in the order in which they came.
   *
   * @param owner null for those of everyone
   * @param sessionId null for those of every session
   * @param requestId null for all
   * @param after the {@code seq} of the last one seen; 0 from the start
   */
  public List<StoredRequest> decided(
      String tenant, String owner, String sessionId, String requestId, long after, int limit) {
    Tuple params = Tuple.tuple().addString(tenant).addLong(after).addInteger(limit);
    StringBuilder sql =
        new StringBuilder(
            "SELECT * FROM request WHERE tenant = $1 AND seq > $2 AND state = 'decided'");
    narrow(sql, params, "owner", owner);
    narrow(sql, params, "session_id", sessionId);
    narrow(sql, params, "request_id", requestId);
    sql.append(" ORDER BY seq LIMIT $3");
    return database.query(sql.toString(), params).stream().map(RequestRows::read).toList();
  }

  private static void narrow(StringBuilder sql, Tuple params, String column, String value) {
    if (value != null) {
      params.addString(value);
      sql.append(" AND ").append(column).append(" = $").append(params.size());
    }
  }
}
