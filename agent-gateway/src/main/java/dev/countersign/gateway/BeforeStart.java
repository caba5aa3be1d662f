package dev.countersign.gateway;

import dev.countersign.preflight.PeerClock;
import dev.countersign.preflight.Preflight;
import dev.countersign.preflight.ReferenceClock;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/** What must be right before the gateway starts, and whose clocks it compares its own with. */
@ApplicationScoped
class BeforeStart {
  void look(@Observes @Priority(Preflight.FIRST) StartupEvent event, Config settings) {
    new Preflight("agent-gateway").requireKnownSettings(settings, GatewayConfig.class);
  }

  @Produces
  @Singleton
  ReferenceClock approval(GatewayConfig config) {
    return new PeerClock("the approval service", config.approval().url());
  }

  @Produces
  @Singleton
  ReferenceClock store(GatewayConfig config) {
    return new PeerClock("the permission store", config.store().url());
  }
}
