package dev.countersign.store.imports;

import dev.countersign.store.users.Erased;
import dev.countersign.store.users.Updates;
import dev.countersign.store.users.UserKey;
import dev.countersign.store.users.UserLocks;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;

/**
 * Remembers which contents were imported for whom. An erase leaves a mark in their place; from then
 * on the folder brings that user nothing, and nothing is remembered of it.
 */
@ApplicationScoped
class ImportedFiles {
  private static final String KNOWN =
      "select count(*) from imported_file"
          + " where tenant = :tenant and user_id = :user and digest in (:digest, :erased)";
  private static final String REMEMBER =
      "insert into imported_file (tenant, user_id, digest, at)"
          + " select cast(:tenant as text), cast(:user as text), cast(:digest as text),"
          + " cast(:at as timestamptz) where not exists (select from imported_file"
          + " where tenant = :tenant and user_id = :user and digest = :erased)"
          + " on conflict do nothing";

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
                    .setParameter("erased", Erased.DIGEST)
                    .getSingleResult())
        .map(count -> count > 0);
  }

  @WithTransaction
  Uni<Void> remember(UserKey user, String digest, Instant at) {
    Map<String, Object> file =
        Map.of(
            "tenant",
            user.tenant(),
            "user",
            user.user(),
            "digest",
            digest,
            "at",
            at,
            "erased",
            Erased.DIGEST);
    return UserLocks.lock(user).chain(() -> Updates.run(REMEMBER, file)).replaceWithVoid();
  }
}
