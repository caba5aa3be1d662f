package dev.countersign.store.users;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.util.Map;

/** SQL updates in the caller's transaction that leave the entities of the session alone. */
public final class Updates {
  private Updates() {}

  /**
   * Runs an {@code update} or {@code delete}; the number of rows it touched. It goes as a query, so
   * that Hibernate does not expect any entity or cache to be stale afterwards.
   */
  public static Uni<Long> run(String sql, Map<String, Object> parameters) {
    return Panache.getSession()
        .chain(
            session -> {
              var query =
                  session.createNativeQuery(
                      "with touched as (" + sql + " returning 1) select count(*) from touched",
                      Long.class);
              parameters.forEach(query::setParameter);
              return query.getSingleResult();
            });
  }
}
