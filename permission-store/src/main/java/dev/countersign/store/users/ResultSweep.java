package dev.countersign.store.users;

import dev.countersign.store.OwnContext;
import dev.countersign.store.StoreConfig;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jboss.logging.Logger;

/** Removes stored replies that no command can ask for any more. */
@ApplicationScoped
class ResultSweep {
  private static final Logger LOG = Logger.getLogger(ResultSweep.class);

  private final Deletion deletion;
  private final OwnContext context;
  private final StoreConfig config;
  private final Clock clock;
  private final Vertx vertx;
  private volatile long timer = -1;

  ResultSweep(Deletion deletion, OwnContext context, StoreConfig config, Clock clock, Vertx vertx) {
    this.deletion = deletion;
    this.context = context;
    this.config = config;
    this.clock = clock;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(config.store().resultSweep().toMillis(), id -> sweep());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void sweep() {
    Instant before = clock.instant().minus(config.store().resultRetention());
    context
        .run(() -> deletion.before(before))
        .subscribe()
        .with(
            removed -> LOG.debugf("Removed %d stored replies", removed),
            failure -> LOG.warnf("Old replies could not be removed now: %s", failure));
  }

  /** The deletion itself. */
  @ApplicationScoped
  static class Deletion {
    @WithTransaction
    Uni<Long> before(Instant instant) {
      return Updates.run(
          "delete from command_result where at < :before", Map.of("before", instant));
    }
  }
}
