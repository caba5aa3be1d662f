package dev.countersign.store.users;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;

/** Removes a few of the rows that are too old to be kept, in a transaction of its own. */
@ApplicationScoped
class OldRows {
  /** What {@link #history} gives at its end. */
  static final long END = -1;

  /** So many are removed well within the time that a transaction gets, however large they are. */
  private static final int BATCH = 500;

  private static final String RESULTS =
      """
      delete from command_result where ctid = any (array(
        select ctid from command_result where at < :before order by at limit %d))
      """
          .formatted(BATCH);

  /**
   * Erases stay: they say that nothing of before comes back. So does the latest change of each user
   * by anybody: an import may not overwrite what was changed after its file.
   */
  private static final String HISTORY =
      """
      with walked as (
        select id, tenant, user_id, at, action, changes_document, via
        from permission_history where id > :after order by id limit %d),
      gone as (
        delete from permission_history h using walked w
        where h.id = w.id and w.at < :before and w.action <> 'erase'
          and not (w.changes_document and w.via not in ('import', 'expired')
            and not exists (
              select from permission_history n
              where n.tenant = w.tenant and n.user_id = w.user_id and n.id > w.id
                and n.changes_document and n.via not in ('import', 'expired'))))
      select coalesce(case when min(at) < :before then max(id) end, %d) from walked
      """
          .formatted(BATCH, END);

  /** Removes replies that were stored before a moment; how many. */
  @WithTransaction
  Uni<Long> results(Instant before) {
    return Updates.run(RESULTS, Map.of("before", before));
  }

  /**
   * Looks at lines of the history in their order and removes what nothing needs.
   *
   * @param after the line after which it begins
   * @return the last line that it looked at; {@link #END} if those behind it are not too old
   */
  @WithTransaction
  Uni<Long> history(Instant before, long after) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(HISTORY, Long.class)
                    .setParameter("before", before)
                    .setParameter("after", after)
                    .getSingleResult());
  }
}
