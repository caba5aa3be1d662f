package dev.countersign.approval.health;

import dev.countersign.approval.policies.ManagedRulesImport;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether the administrators' file is what is in force. The service decides all the same, by the
 * revision that is; somebody has to look at the file.
 */
@Wellness
@ApplicationScoped
public class CheckManagedRules implements HealthCheck {
  private final ManagedRulesImport rules;

  public CheckManagedRules(ManagedRulesImport rules) {
    this.rules = rules;
  }

  @Override
  public HealthCheckResponse call() {
    ManagedRulesImport.Status status = rules.status();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("managed-rules")
            .status(status.problem() == null)
            .withData("revision", status.revision());
    return status.problem() == null
        ? response.build()
        : response.withData("problem", status.problem()).build();
  }
}
