package dev.countersign.approval.grants;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.deadlines.PolicySweep;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.policies.UserPolicies;
import dev.countersign.approval.sessions.SessionStore;
import dev.countersign.approval.sessions.StoredSession;
import dev.countersign.protocol.Digest;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What people allow for a while: given and taken back. Each is one transaction. */
@ApplicationScoped
public class Grants {
  private static final Logger LOG = Logger.getLogger(Grants.class);
  private static final int MOST_LIVING = 200;

  private final Database database;
  private final GrantStore store;
  private final SessionStore sessions;
  private final PolicyBook book;
  private final PolicySweep sweep;

  public Grants(
      Database database,
      GrantStore store,
      SessionStore sessions,
      PolicyBook book,
      PolicySweep sweep) {
    this.database = database;
    this.store = store;
    this.sessions = sessions;
    this.book = book;
    this.sweep = sweep;
  }

  /**
   * Gives a grant. One that lives for the same tool, resource, session and turn ends; open prompts
   * that the new one settles end too.
   *
   * @param person who gives it, proven to be the user or an admin
   * @param key the sender's name for this very order: sent again it gives nothing more, and gets
   *     the grant as it is by then, even if that is dead; null if it has none
   * @throws RefusedGrantException if it cannot be given
   */
  public StoredGrant give(GrantOrder order, String person, String key) {
    StoredGrant given = database.transaction(connection -> give(connection, order, person, key));
    judgeOpen(order);
    return given;
  }

  /** The grant stands, whatever becomes of this: a prompt that stays open waits for its person. */
  private void judgeOpen(GrantOrder order) {
    try {
      sweep.judgeOpen(order.tenant(), order.user(), order.tool());
    } catch (RuntimeException e) {
      LOG.warnf("Open prompts could not be judged under a new grant: %s", e);
    }
  }

  private StoredGrant give(SqlConnection connection, GrantOrder order, String person, String key) {
    Instant now = store.lockGiving(connection, order.tenant(), order.user());
    String id =
        key == null ? UUID.randomUUID().toString() : "given:" + Digest.of(order.user() + " " + key);
    Optional<StoredGrant> before = store.lock(connection, order.tenant(), order.user(), id);
    if (before.isPresent()) {
      return same(before.get(), order);
    }
    Instant end = GrantCheck.passed(order, now);
    UserPolicies policy = policy(connection, order);
    if (policy.policy() != null) {
      GrantJudge.forbidden(policy.policy(), order.tool(), order.resource())
          .ifPresent(
              why -> {
                throw new RefusedGrantException(
                    "denied_by_policy", "this could never be used: " + why);
              });
    }
    store.replace(connection, order, person);
    if (store.living(connection, order.tenant(), order.user()) >= MOST_LIVING) {
      throw new RefusedGrantException(
          "too_many_grants", "a user may have %d living grants; end some".formatted(MOST_LIVING));
    }
    return store.give(connection, id, order, end, person, policy.fence());
  }

  private static StoredGrant same(StoredGrant before, GrantOrder order) {
    if (before.isErased()) {
      throw new RefusedGrantException(
          "erased", "what this Idempotency-Key gave was erased later; use another key");
    }
    Instant end = order.until() == null ? null : before.endsAt();
    if (!before.isFor(order, end)) {
      throw new RefusedGrantException(
          "command_id_reused", "this Idempotency-Key was used for another grant");
    }
    return before;
  }

  private UserPolicies policy(SqlConnection connection, GrantOrder order) {
    if (order.session() == null) {
      return UserPolicies.load(connection, order.tenant(), order.user());
    }
    SessionKey key = new SessionKey(order.tenant(), order.session());
    StoredSession session =
        sessions
            .hold(connection, key)
            .filter(found -> found.owner().equals(order.user()))
            .orElseThrow(
                () ->
                    new RefusedGrantException(
                        "unknown_session",
                        "%s has no session %s".formatted(order.user(), order.session())));
    if (session.closed()) {
      throw new RefusedGrantException("session_closed", "the session is closed");
    }
    SessionPolicy policy = book.load(connection, key).orElseThrow();
    return new UserPolicies(policy.fence(), policy.policy());
  }

  /**
   * Ends a grant for good; one that is dead stays as it is.
   *
   * @throws RefusedGrantException if the user has no such grant
   */
  public StoredGrant revoke(String tenant, String user, String id, String person) {
    return database.transaction(
        connection -> {
          StoredGrant grant =
              store
                  .lock(connection, tenant, user, id)
                  .filter(found -> !found.isErased())
                  .orElseThrow(
                      () -> new RefusedGrantException("unknown_grant", "there is no grant " + id));
          return grant.ended() == null ? store.kill(connection, grant, "revoked", person) : grant;
        });
  }
}
