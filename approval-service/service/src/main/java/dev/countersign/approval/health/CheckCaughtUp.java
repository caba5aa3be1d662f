package dev.countersign.approval.health;

import dev.countersign.approval.overrides.CaughtUp;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the override projection holds all that was there when the service started. */
@Readiness
@ApplicationScoped
public class CheckCaughtUp implements HealthCheck {
  private final CaughtUp caughtUp;

  public CheckCaughtUp(CaughtUp caughtUp) {
    this.caughtUp = caughtUp;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("caught-up").status(caughtUp.isReached()).build();
  }
}
