package dev.countersign.store.users;

import dev.countersign.store.OwnContext;
import dev.countersign.store.StoreConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Removes stored replies that no command can ask for any more, and what of the history the
 * operator's retention ends; a few rows at a time, each few in a transaction of their own.
 */
@ApplicationScoped
class RetentionSweep {
  private static final Logger LOG = Logger.getLogger(RetentionSweep.class);
  private static final Duration LEAST_FOR_HISTORY = Duration.ofDays(30);

  private final OldRows rows;
  private final OwnContext context;
  private final StoreConfig.Store config;
  private final Clock clock;
  private final Vertx vertx;
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile boolean stopped;
  private volatile long timer = -1;

  RetentionSweep(OldRows rows, OwnContext context, StoreConfig config, Clock clock, Vertx vertx) {
    this.rows = rows;
    this.context = context;
    this.config = config.store();
    this.clock = clock;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    config
        .historyRetention()
        .filter(keep -> keep.compareTo(LEAST_FOR_HISTORY) < 0)
        .ifPresent(
            keep -> {
              throw new IllegalArgumentException(
                  "countersign.store.history-retention is %s; it must be at least %s"
                      .formatted(keep, LEAST_FOR_HISTORY));
            });
    timer = vertx.setPeriodic(config.resultSweep().toMillis(), id -> sweep());
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  private void sweep() {
    if (!sweeping.compareAndSet(false, true)) {
      return;
    }
    Optional<Instant> history = config.historyRetention().map(clock.instant()::minus);
    results(clock.instant().minus(config.resultRetention()))
        .chain(() -> history.map(this::history).orElse(Uni.createFrom().voidItem()))
        .eventually(() -> sweeping.set(false))
        .subscribe()
        .with(
            done -> LOG.debug("What was too old is removed"),
            failure -> LOG.warnf("What is too old could not be removed now: %s", failure));
  }

  /** All replies that were stored before a moment. */
  Uni<Void> results(Instant before) {
    return repeat(() -> rows.results(before), removed -> removed == 0);
  }

  /** All lines of before a moment that nothing needs. */
  Uni<Void> history(Instant before) {
    AtomicLong walked = new AtomicLong();
    return repeat(
        () -> rows.history(before, walked.get()).invoke(walked::set), last -> last == OldRows.END);
  }

  /** Does a batch after the other until one was the last, or the store stops. */
  private <T> Uni<Void> repeat(Supplier<Uni<T>> batch, Predicate<T> last) {
    return context
        .run(batch)
        .repeat()
        .until(result -> stopped || last.test(result))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
