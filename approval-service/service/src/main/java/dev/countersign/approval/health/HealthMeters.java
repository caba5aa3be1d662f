package dev.countersign.approval.health;

import dev.countersign.approval.policies.ManagedRulesImport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/** Shows as numbers what the health checks say in words, so that somebody can be alerted. */
@Startup
@ApplicationScoped
public class HealthMeters {
  public HealthMeters(MeterRegistry registry, Progress progress, ManagedRulesImport rules) {
    Gauge.builder("countersign.work.stuck", () -> progress.troubles().size())
        .description("Consumers and loops of this process that do not get on")
        .register(registry);
    Gauge.builder(
            "countersign.managed.rules.refused", () -> rules.status().problem() == null ? 0 : 1)
        .description("1 where the file of managed rules is not what is in force")
        .register(registry);
  }
}
