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
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Looks for users of whom something was settled until a time that is over. Several replicas may
 * find the same user: the second finds nothing left to do.
 */
@ApplicationScoped
class ExpirySweep {
  private static final Logger LOG = Logger.getLogger(ExpirySweep.class);
  private static final int PAGE = 200;
  private static final String OVERDUE =
      "select u.key from UserPermissions u where u.nextEnd <= instant order by u.nextEnd";

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
    if (!sweeping.compareAndSet(false, true)) {
      return;
    }
    context
        .run(overdue::users)
        .chain(
            users ->
                Multi.createFrom()
                    .iterable(users)
                    .onItem()
                    .transformToUniAndConcatenate(user -> context.run(() -> writer.expire(user)))
                    .collect()
                    .last())
        .ifNoItem()
        .after(config.store().patience())
        .fail()
        .onTermination()
        .invoke(() -> sweeping.set(false))
        .subscribe()
        .with(
            done -> {},
            failure -> LOG.warnf("What has ended could not be taken out now: %s", failure));
  }

  /** The query itself; the database's clock decides. */
  @ApplicationScoped
  static class Overdue {
    @WithSession
    Uni<List<UserKey>> users() {
      return Panache.getSession()
          .chain(
              session ->
                  session
                      .createSelectionQuery(OVERDUE, UserKey.class)
                      .setMaxResults(PAGE)
                      .getResultList());
    }
  }
}
