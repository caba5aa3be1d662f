package dev.countersign.store.publishing;

import dev.countersign.protocol.Topics;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Marks every document as to be published again, a page of users at a time and each page in a
 * transaction of its own: whoever writes waits for a page at most. That all are to be marked is
 * noted first, so what a crash cuts short goes on. What is published meanwhile is published once
 * more. Waits for its statements; not for event loops.
 */
@ApplicationScoped
class Renewal {
  private static final String TOPIC = Topics.OVERRIDE_DOCUMENTS;

  private static final String PAGE =
      """
      with page as (
        select tenant, user_id from user_permissions
        where (tenant, user_id) > ($1, $2) and published_version >= 0
          and ($3::text is null or tenant = $3)
          and ($4::bigint is null or exists (
            select from published_topic where topic = $5 and renewed < $4))
        order by tenant, user_id limit 10000 for no key update),
      marked as (
        update user_permissions p set published_version = -1 from page
        where p.tenant = page.tenant and p.user_id = page.user_id)
      select tenant, user_id, count(*) over () as users from page
      order by tenant desc, user_id desc limit 1
      """;

  private static final String OPEN =
      "select renewal from published_topic where topic = $1 and renewed < renewal";

  private static final String DONE =
      "update published_topic set renewed = $2 where topic = $1 and renewed < $2";

  private final Transactions transactions;

  Renewal(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Marks every document of a tenant; the number of users whose was not marked already. */
  long of(String tenant) {
    return mark(tenant, null);
  }

  /**
   * Marks every document if that was noted and is not done, whoever noted it. Of several that are
   * at it all stop when one is done.
   *
   * @return whether there was anything to do
   */
  boolean carryOn() {
    List<Row> open =
        transactions.run(connection -> Transactions.query(connection, OPEN, Tuple.of(TOPIC)));
    if (open.isEmpty()) {
      return false;
    }
    long renewal = open.get(0).getLong("renewal");
    mark(null, renewal);
    transactions.run(connection -> Transactions.query(connection, DONE, Tuple.of(TOPIC, renewal)));
    return true;
  }

  private long mark(String tenant, Long renewal) {
    Place place = new Place("", "", 0);
    long users = 0;
    while (place != null) {
      Place after = place;
      place = transactions.run(connection -> page(connection, after, tenant, renewal));
      users += place == null ? 0 : place.users();
    }
    return users;
  }

  /** The last user of a page, and how many it has. */
  private record Place(String tenant, String user, long users) {}

  /** Marks the page behind a place; null if there is none. */
  private static Place page(SqlConnection connection, Place after, String tenant, Long renewal) {
    Tuple params = Tuple.of(after.tenant(), after.user(), tenant, renewal, TOPIC);
    return Transactions.query(connection, PAGE, params).stream()
        .map(row -> new Place(row.getString("tenant"), row.getString("user_id"), users(row)))
        .findFirst()
        .orElse(null);
  }

  private static long users(Row row) {
    return row.getLong("users");
  }
}
