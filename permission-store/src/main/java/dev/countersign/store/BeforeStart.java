package dev.countersign.store;

import dev.countersign.preflight.PostgresClock;
import dev.countersign.preflight.Preflight;
import dev.countersign.preflight.ReferenceClock;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import org.flywaydb.core.Flyway;

/**
 * What must be right before the service starts, the migrations that it then runs, and whose clock
 * it compares its own with.
 */
@ApplicationScoped
class BeforeStart {
  void look(
      @Observes @Priority(Preflight.FIRST) StartupEvent event,
      Config settings,
      StoreConfig config,
      Flyway flyway) {
    Preflight preflight = new Preflight("permission-store");
    preflight.requireKnownSettings(settings, StoreConfig.class);
    preflight.requireOwnKey("countersign.signing-key-file", config.signingKeyFile());
    preflight.requireTrust("countersign.trust-file", config.trustFile());
    preflight.migrate(flyway);
  }

  @Produces
  @Singleton
  ReferenceClock clock(Pool pool) {
    return new PostgresClock(pool);
  }
}
