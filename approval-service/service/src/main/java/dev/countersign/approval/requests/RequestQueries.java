package dev.countersign.approval.requests;

import dev.countersign.approval.db.Database;
import dev.countersign.protocol.Json;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads requests for those who look at them. */
@ApplicationScoped
public class RequestQueries {
  /** What the inputs of one page come to that persons edited, but for a single one. */
  private static final int MOST_BYTES = 4 * Json.MAX_REQUEST_BYTES;

  /** Of the rows found, the first that come to so many bytes; a length is no reading. */
  private static final String FIRST =
      """
      SELECT * FROM (
        SELECT *, count(*) OVER () AS found, row_number() OVER (ORDER BY decided_xid, seq) AS place,
          sum(coalesce(octet_length(edited_input), 0)) OVER (ORDER BY decided_xid, seq) AS bytes
        FROM (%s) page) counted
      WHERE bytes <= %d OR place = 1 ORDER BY decided_xid, seq
      """;

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
   * Decided requests in the order of their decisions. Nothing is ever added before one that was
   * read: what is decided later, however long ago it was asked, comes after it.
   *
   * @param owner null for those of everyone
   * @param sessionId null for those of every session
   * @param requestId null for all
   * @param after where the page before ended
   * @param limit how many at most
   */
  public Page decided(
      String tenant, String owner, String sessionId, String requestId, Place after, int limit) {
    Tuple params = Tuple.tuple().addString(tenant).addLong(after.transaction());
    params.addLong(after.seq()).addInteger(limit + 1);
    StringBuilder sql =
        new StringBuilder(
            "SELECT * FROM request WHERE tenant = $1 AND (decided_xid, seq) > ($2, $3)"
                + " AND state = 'decided'"
                + " AND decided_xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
    narrow(sql, params, "owner", owner);
    narrow(sql, params, "session_id", sessionId);
    narrow(sql, params, "request_id", requestId);
    sql.append(" ORDER BY decided_xid, seq LIMIT $4");
    List<Row> rows = database.query(FIRST.formatted(sql, MOST_BYTES), params);
    boolean last = rows.isEmpty() || rows.get(0).getLong("found") == rows.size();
    List<Decided> decided = rows.stream().limit(limit).map(RequestQueries::decided).toList();
    return new Page(decided, last && rows.size() <= limit);
  }

  private static Decided decided(Row row) {
    return new Decided(
        RequestRows.read(row), new Place(row.getLong("decided_xid"), row.getLong("seq")));
  }

  /**
   * A page of decided requests.
   *
   * @param last whether there is none after it
   */
  public record Page(List<Decided> requests, boolean last) {}

  /** A decided request and its place among all. */
  public record Decided(StoredRequest request, Place place) {}

  /**
   * A place in the order of decisions.
   *
   * @param transaction that decided
   * @param seq among those that were decided together
   */
  public record Place(long transaction, long seq) {
    /** Before all. */
    public static final Place START = new Place(-1, -1);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

    /** Reads what {@link #toString} wrote; null and {@code 0} are the start. */
    public static Optional<Place> of(String text) {
      if (text == null || text.equals("0")) {
        return Optional.of(START);
      }
      Matcher matcher = TEXT.matcher(text);
      return matcher.matches()
          ? Optional.of(
              new Place(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return this.equals(START) ? "0" : transaction + "-" + seq;
    }
  }

  private static void narrow(StringBuilder sql, Tuple params, String column, String value) {
    if (value != null) {
      params.addString(value);
      sql.append(" AND ").append(column).append(" = $").append(params.size());
    }
  }
}
