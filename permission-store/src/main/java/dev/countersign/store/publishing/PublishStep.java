package dev.countersign.store.publishing;

import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.Topics;
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
 * do not wait. Only what was sent under the key to publish under counts as published.
 */
@ApplicationScoped
class PublishStep {
  /** What is only published again is left to a replica that signs with the key to publish under. */
  private static final String UNPUBLISHED =
      "select tenant || '/' || user_id from user_permissions where published_version < version"
          + " and (published_version >= 0 or exists (select 1 from published_topic"
          + " where topic = :topic and key_id = :key))"
          + " order by published_version < 0, updated_at";

  /** Locked, so that the key stays the same until what was sent is remembered. */
  private static final String KEY =
      "select key_id from published_topic where topic = :topic for share";

  private static final String REMEMBER =
      "update user_permissions set published_version = :version"
          + " where tenant = :tenant and user_id = :user and published_version < :version";
  private static final String AGAIN =
      "update user_permissions set published_version = -1"
          + " where tenant = :tenant and user_id = :user";

  private final Outbound outbound;
  private final Signatures signatures;

  PublishStep(Outbound outbound, Signatures signatures) {
    this.outbound = outbound;
    this.signatures = signatures;
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
                    .setParameter("topic", Topics.OVERRIDE_DOCUMENTS)
                    .setParameter("key", signatures.keyId())
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
    Erasure erasure = now.erasure();
    return new OverrideDocument(
        now.key().tenant(),
        now.key().user(),
        now.version(),
        Replies.tree(now.document()),
        erasure == null ? null : erasure.version(),
        erasure == null ? null : erasure.id());
  }

  /**
   * What went out under another key than the one to publish under, as while replicas change keys,
   * is published again: soon nobody can read it.
   */
  private Uni<Void> remember(UserKey key, long version) {
    Map<String, Object> user = Map.of("tenant", key.tenant(), "user", key.user());
    Map<String, Object> published =
        Map.of("version", version, "tenant", key.tenant(), "user", key.user());
    return signsForAll()
        .chain(ours -> ours ? Updates.run(REMEMBER, published) : Updates.run(AGAIN, user))
        .replaceWithVoid();
  }

  /** Whether this replica's key is the one to publish under, until the transaction ends. */
  private Uni<Boolean> signsForAll() {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(KEY, String.class)
                    .setParameter("topic", Topics.OVERRIDE_DOCUMENTS)
                    .getSingleResultOrNull())
        .map(key -> signatures.keyId().equals(key));
  }
}
