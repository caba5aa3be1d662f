package dev.countersign.preflight;

import dev.countersign.preflight.Watch.Finding;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether this machine's clock is in step with others: by it tokens are proven and made, and
 * deadlines end. While none of them answers, it counts as right until it was found wrong: whoever
 * is away shows elsewhere, and this service goes on with what it can.
 */
@Readiness
@ApplicationScoped
class ClockReady implements HealthCheck {
  private static final Duration WHILE_RIGHT = Duration.ofMinutes(1);
  private static final Duration WHILE_WRONG = Duration.ofSeconds(10);

  private final Watch watch;

  ClockReady(@All List<ReferenceClock> others) {
    this.watch =
        new Watch(
            "clock", new ClockCheck(others, InstantSource.system()), WHILE_RIGHT, WHILE_WRONG);
  }

  void start(@Observes StartupEvent event) {
    watch.start();
  }

  void stop(@Observes ShutdownEvent event) {
    watch.stop();
  }

  @Override
  public HealthCheckResponse call() {
    // First whether, then what: both may come in between.
    String untold = watch.hasTried() ? null : "it has not been compared yet";
    String reason = watch.finding().map(Finding::text).orElse(untold);
    return reason == null
        ? HealthCheckResponse.up("clock")
        : HealthCheckResponse.named("clock").down().withData("reason", reason).build();
  }
}
