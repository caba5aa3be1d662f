package dev.countersign.store.imports;

import dev.countersign.store.users.Updates;
import dev.countersign.store.users.UserKey;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;

/** Remembers which contents were imported for whom, for as long as the database lives. */
@ApplicationScoped
class ImportedFiles {
  private static final String KNOWN =
      "select count(*) from imported_file"
          + " where tenant = :tenant and user_id = :user and digest = :digest";
  private static final String REMEMBER =
      "insert into imported_file (tenant, user_id, digest, at)"
          + " values (:tenant, :user, :digest, :at) on conflict do nothing";

  @WithSession
  Uni<Boolean> knows(UserKey user, String digest) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(KNOWN, Long.class)
                    .setParameter("tenant", user.tenant())
                    .setParameter("user", user.user())
                    .setParameter("digest", digest)
                    .getSingleResult())
        .map(count -> count > 0);
  }

  @WithTransaction
  Uni<Void> remember(UserKey user, String digest, Instant at) {
    return Updates.run(
            REMEMBER,
            Map.of("tenant", user.tenant(), "user", user.user(), "digest", digest, "at", at))
        .replaceWithVoid();
  }
}
