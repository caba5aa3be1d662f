package dev.countersign.store.users;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;

/** Advisory locks that end with the transaction. Writers and publishers do not block each other. */
public final class UserLocks {
  private static final String WRITE =
      "select 1 from pg_advisory_xact_lock(hashtextextended(:key, 0))";
  private static final String PUBLISH =
      "select case when pg_try_advisory_xact_lock(hashtextextended(:key, 0)) then 1 else 0 end";

  private UserLocks() {}

  /** Waits until no other transaction writes this user. */
  static Uni<Void> lock(UserKey key) {
    return query(WRITE, "write " + key.text()).replaceWithVoid();
  }

  /** Whether no other transaction publishes this user; true also takes the lock. */
  public static Uni<Boolean> tryPublish(UserKey key) {
    return query(PUBLISH, "publish " + key.text()).map(taken -> taken == 1);
  }

  private static Uni<Integer> query(String sql, String key) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(sql, Integer.class)
                    .setParameter("key", key)
                    .getSingleResult());
  }
}
