package dev.countersign.store.publishing;

import dev.countersign.store.OwnContext;
import dev.countersign.store.StoreConfig;
import dev.countersign.store.Workers;
import dev.countersign.store.users.UserKey;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Keeps {@code override.documents} equal to the database: every user's latest document, whoever
 * committed it. It looks when kicked after a commit, and at every sweep for what another replica or
 * a crash left behind. Failures are tried again at the next sweep.
 */
@ApplicationScoped
public class DocumentPublisher {
  private static final Logger LOG = Logger.getLogger(DocumentPublisher.class);
  private static final int PAGE = 200;

  private final PublishStep step;
  private final Renewal renewal;
  private final OwnContext context;
  private final StoreConfig config;
  private final Vertx vertx;

  /** How often a pass was asked for since the running one began; 0 while none runs. */
  private final AtomicInteger asked = new AtomicInteger();

  /** Users whose last attempt ended unknown: what reached the topic last must be sent over. */
  private final Set<UserKey> uncertain = ConcurrentHashMap.newKeySet();

  private volatile long timer = -1;
  private volatile boolean stopped;

  DocumentPublisher(
      PublishStep step, Renewal renewal, OwnContext context, StoreConfig config, Vertx vertx) {
    this.step = step;
    this.renewal = renewal;
    this.context = context;
    this.config = config;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(config.store().publishSweep().toMillis(), id -> kick());
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  /** Publishes soon what is not published yet. Returns at once; kicks during a pass are joined. */
  public void kick() {
    if (!stopped && asked.getAndIncrement() == 0) {
      pass();
    }
  }

  /** Sends every document of a tenant again: rebuilds the topic. The number of users that takes. */
  public Uni<Long> republish(String tenant) {
    return Workers.compute(() -> renewal.of(tenant)).invoke(this::kick);
  }

  private void pass() {
    int before = asked.get();
    page()
        .subscribe()
        .with(
            full -> passed(full, before),
            failure -> {
              LOG.warnf("Documents could not be published now: %s", failure);
              asked.set(0);
            });
  }

  private void passed(boolean full, int before) {
    if (!stopped && (full || !asked.compareAndSet(before, 0))) {
      pass();
    }
  }

  /** One page of users; true if there may be more that can be published now. */
  private Uni<Boolean> page() {
    return context
        .run(() -> step.unpublished(PAGE))
        .ifNoItem()
        .after(config.store().patience())
        .fail()
        .map(this::withUncertain)
        .chain(
            users ->
                Multi.createFrom()
                    .iterable(users)
                    .onItem()
                    .transformToUni(this::one)
                    .merge(config.store().publishConcurrency())
                    .collect()
                    .asList()
                    .map(published -> more(users, published)));
  }

  private Set<UserKey> withUncertain(List<UserKey> unpublished) {
    Set<UserKey> users = new LinkedHashSet<>(unpublished);
    users.addAll(uncertain);
    return users;
  }

  private static boolean more(Set<UserKey> users, List<Boolean> published) {
    return users.size() >= PAGE && published.stream().anyMatch(Boolean::booleanValue);
  }

  private Uni<Boolean> one(UserKey user) {
    boolean again = uncertain.remove(user);
    return context
        .run(() -> step.publish(user, again))
        .ifNoItem()
        .after(config.store().patience())
        .fail()
        .invoke(
            done -> {
              if (again && !done) {
                uncertain.add(user);
              }
            })
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.warnf("The document of a user could not be published now: %s", failure);
              uncertain.add(user);
              return false;
            });
  }
}
