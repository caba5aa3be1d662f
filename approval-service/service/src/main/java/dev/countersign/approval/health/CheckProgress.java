package dev.countersign.approval.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Whether every consumer and every loop gets on; names each that does not, with the reason. */
@Readiness
@ApplicationScoped
public class CheckProgress implements HealthCheck {
  private final Progress progress;

  public CheckProgress(Progress progress) {
    this.progress = progress;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("progress");
    var troubles = progress.troubles();
    troubles.forEach(response::withData);
    boolean well = troubles.keySet().stream().allMatch(Progress.CLEANING::equals);
    return response.status(well).build();
  }
}
