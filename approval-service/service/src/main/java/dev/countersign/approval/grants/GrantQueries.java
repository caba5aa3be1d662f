package dev.countersign.approval.grants;

import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Reads grants, alive and dead, for those who look at them; of an erased one nothing is left. */
@ApplicationScoped
public class GrantQueries {
  private final Database database;

  public GrantQueries(Database database) {
    this.database = database;
  }

  /**
   * A user's grants, the newest first.
   *
   * @param before only older ones than this {@code seq}
   * @param dead null for all, else whether they are dead
   */
  public List<StoredGrant> list(String tenant, String user, Boolean dead, long before, int limit) {
    String which = dead == null ? "" : dead ? " AND dead_at IS NOT NULL" : " AND dead_at IS NULL";
    return database
        .query(
            "SELECT * FROM permission_grant WHERE tenant = $1 AND user_id = $2 AND seq < $3"
                + " AND ended IS DISTINCT FROM 'erased'"
                + which
                + " ORDER BY seq DESC LIMIT $4",
            Tuple.of(tenant, user).addLong(before).addInteger(limit))
        .stream()
        .map(StoredGrant::read)
        .toList();
  }

  /**
   * What happened to a user's grants, the latest first.
   *
   * @param before only what is earlier than this, or has this moment and a lower key; null for all
   */
  public List<StoredGrant.Event> history(
      String tenant, String user, Instant before, String key, int limit) {
    String sql =
        """
        SELECT * FROM (
          (SELECT *, given_at AS at, 'given' AS what, id || ' 1' AS key
           FROM permission_grant WHERE tenant = $1 AND user_id = $2
             AND ended IS DISTINCT FROM 'erased'
             AND (given_at, id || ' 1') < (coalesce($3::timestamptz, 'infinity'), coalesce($4::text, ''))
           ORDER BY given_at DESC, id || ' 1' DESC LIMIT $5)
          UNION ALL
          (SELECT *, dead_at AS at, ended AS what, id || ' 2' AS key
           FROM permission_grant WHERE tenant = $1 AND user_id = $2 AND dead_at IS NOT NULL
             AND ended <> 'erased'
             AND (dead_at, id || ' 2') < (coalesce($3::timestamptz, 'infinity'), coalesce($4::text, ''))
           ORDER BY dead_at DESC, id || ' 2' DESC LIMIT $5)) e
        ORDER BY at DESC, key DESC LIMIT $5
        """;
    Tuple params =
        Tuple.of(tenant, user)
            .addOffsetDateTime(Columns.offset(before))
            .addString(key)
            .addInteger(limit);
    return database.query(sql, params).stream().map(StoredGrant.Event::read).toList();
  }
}
