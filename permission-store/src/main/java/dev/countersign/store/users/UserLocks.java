package dev.countersign.store.users;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Advisory locks that end with the transaction. Writers and publishers do not block each other. */
public final class UserLocks {
  private static final String CLOCK =
      "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";
  private static final String WRITE =
      CLOCK + " from pg_advisory_xact_lock(hashtextextended(:key, 0))";
  private static final String PUBLISH =
      "select case when pg_try_advisory_xact_lock(hashtextextended(:key, 0)) then 1 else 0 end";

  private UserLocks() {}

  /** Waits until no other transaction writes this user. The database's clock then. */
  public static Uni<Instant> lock(UserKey key) {
    return query(WRITE, "write " + key.text(), Long.class).map(UserLocks::instant);
  }

  /** The database's clock. */
  static Uni<Instant> clock() {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(CLOCK, Long.class).getSingleResult())
        .map(UserLocks::instant);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Whether no other transaction publishes this user; true also takes the lock. */
  public static Uni<Boolean> tryPublish(UserKey key) {
    return query(PUBLISH, "publish " + key.text(), Integer.class).map(taken -> taken == 1);
  }

  private static <T> Uni<T> query(String sql, String key, Class<T> type) {
    return Panache.getSession()
        .chain(
            session ->
                session.createNativeQuery(sql, type).setParameter("key", key).getSingleResult());
  }
}
