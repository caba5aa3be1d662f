package dev.countersign.store.users;

import dev.countersign.store.OwnContext;
import dev.countersign.store.StoreConfig;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Looks for users of whom something was settled until a time that is over. Several replicas may
 * find the same user: the second finds nothing left to do. One document that cannot be read stops
 * nobody else's.
 */
@ApplicationScoped
class ExpirySweep {
  private static final Logger LOG = Logger.getLogger(ExpirySweep.class);
  private static final int PAGE = 200;
  private static final String SELECT =
      "select u.key, u.nextEnd from UserPermissions u where u.nextEnd <= instant";
  private static final String ORDER = " order by u.nextEnd, u.key.tenant, u.key.user";
  private static final String ALL = SELECT + ORDER;
  private static final String BEHIND =
      SELECT
          + " and (u.nextEnd > :at or u.nextEnd = :at and (u.key.tenant > :tenant"
          + " or u.key.tenant = :tenant and u.key.user > :user))"
          + ORDER;

  private final Overdue overdue;
  private final PermissionWriter writer;
  private final OwnContext context;
  private final StoreConfig config;
  private final Vertx vertx;
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile long timer = -1;

  ExpirySweep(
      Overdue overdue,
      PermissionWriter writer,
      OwnContext context,
      StoreConfig config,
      Vertx vertx) {
    this.overdue = overdue;
    this.writer = writer;
    this.context = context;
    this.config = config;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(config.store().expirySweep().toMillis(), id -> sweep());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void sweep() {
    if (sweeping.compareAndSet(false, true)) {
      page(null)
          .onTermination()
          .invoke(() -> sweeping.set(false))
          .subscribe()
          .with(
              done -> {},
              failure -> LOG.warnf("What has ended could not be looked for now: %s", failure));
    }
  }

  /** All pages from here on. A user who cannot be expired is passed over until the next sweep. */
  private Uni<Void> page(End after) {
    return context
        .run(() -> overdue.after(after, PAGE))
        .ifNoItem()
        .after(config.store().patience())
        .fail()
        .chain(
            ends ->
                Multi.createFrom()
                    .iterable(ends)
                    .onItem()
                    .transformToUniAndConcatenate(this::one)
                    .collect()
                    .last()
                    .chain(
                        () ->
                            ends.size() < PAGE
                                ? Uni.createFrom().voidItem()
                                : page(ends.get(PAGE - 1))));
  }

  private Uni<Boolean> one(End end) {
    return context
        .run(() -> writer.expire(end.user()))
        .ifNoItem()
        .after(config.store().patience())
        .fail()
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.warnf("What has ended of a user could not be taken out now: %s", failure);
              return false;
            });
  }

  /** A user, and when the first of what they settled ended. */
  record End(UserKey user, Instant at) {}

  /** The query itself; the database's clock decides. */
  @ApplicationScoped
  static class Overdue {
    /**
     * Who is overdue, in the order of {@link End}.
     *
     * @param last only those behind it; null for all
     */
    @WithSession
    Uni<List<End>> after(End last, int limit) {
      return Panache.getSession()
          .chain(
              session -> {
                var query =
                    session.createSelectionQuery(last == null ? ALL : BEHIND, Object[].class);
                if (last != null) {
                  query.setParameter("at", last.at());
                  query.setParameter("tenant", last.user().tenant());
                  query.setParameter("user", last.user().user());
                }
                return query.setMaxResults(limit).getResultList();
              })
          .map(
              rows ->
                  rows.stream().map(row -> new End((UserKey) row[0], (Instant) row[1])).toList());
    }
  }
}
