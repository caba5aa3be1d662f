package dev.countersign.store.publishing;

import dev.countersign.protocol.OverrideDocument;
import dev.countersign.store.Workers;
import dev.countersign.store.users.Replies;
import dev.countersign.store.users.Updates;
import dev.countersign.store.users.UserKey;
import dev.countersign.store.users.UserLocks;
import dev.countersign.store.users.UserPermissions;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/**
 * Publishes one user's latest state. The user's publishing lock is held from reading to
 * remembering, so of two replicas one sends and an older state never follows a newer one. Writers
 * do not wait.
 */
@ApplicationScoped
class PublishStep {
  private static final String UNPUBLISHED =
      "select tenant || '/' || user_id from user_permissions where published_version < version"
          + " order by published_version < 0, updated_at";
  private static final String REMEMBER =
      "update user_permissions set published_version = :version"
          + " where tenant = :tenant and user_id = :user and published_version < :version";
  private static final String FORGET =
      "update user_permissions set published_version = -1 where tenant = :tenant";

  private final Outbound outbound;

  PublishStep(Outbound outbound) {
    this.outbound = outbound;
  }

  /**
   * Users whose latest version is not known to be on the topic, the longest waiting first. Those
   * who are only published again come last, so that a rebuild holds nobody's change up.
   */
  @WithSession
  Uni<List<UserKey>> unpublished(int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(UNPUBLISHED, String.class)
                    .setMaxResults(limit)
                    .getResultList())
        .map(keys -> keys.stream().map(UserKey::of).toList());
  }

  /**
   * Sends a user's state and remembers its version.
   *
   * @param again send also what is marked as published
   * @return false if another replica is at it
   */
  @WithTransaction
  Uni<Boolean> publish(UserKey key, boolean again) {
    return UserLocks.tryPublish(key)
        .chain(
            taken ->
                taken
                    ? UserPermissions.<UserPermissions>findById(key)
                        .chain(user -> send(user, again))
                        .replaceWith(true)
                    : Uni.createFrom().item(false));
  }

  private Uni<Void> send(UserPermissions user, boolean again) {
    if (user == null || !again && user.publishedVersion >= user.version) {
      return Uni.createFrom().voidItem();
    }
    UserPermissions.Snapshot now = user.snapshot();
    return Workers.compute(() -> document(now))
        .chain(
            document -> now.erased() ? outbound.tombstone(document) : outbound.document(document))
        .chain(() -> remember(now.key(), now.version()));
  }

  private static OverrideDocument document(UserPermissions.Snapshot now) {
    return new OverrideDocument(
        now.key().tenant(),
        now.key().user(),
        now.version(),
        Replies.tree(now.document()),
        now.erasedVersion());
  }

  private static Uni<Void> remember(UserKey key, long version) {
    return Updates.run(
            REMEMBER, Map.of("version", version, "tenant", key.tenant(), "user", key.user()))
        .replaceWithVoid();
  }

  /** Marks every document of a tenant as not published; the number of users. */
  @WithTransaction
  Uni<Long> forgetPublished(String tenant) {
    return Updates.run(FORGET, Map.of("tenant", tenant));
  }
}
