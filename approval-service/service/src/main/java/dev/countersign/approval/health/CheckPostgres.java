package dev.countersign.approval.health;

import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether Postgres answers. */
@Readiness
@ApplicationScoped
public class CheckPostgres implements HealthCheck {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Pool pool;

  public CheckPostgres(Pool pool) {
    this.pool = pool;
  }

  @Override
  public HealthCheckResponse call() {
    try {
      pool.query("SELECT 1").execute().await().atMost(TIMEOUT);
      return HealthCheckResponse.up("postgres");
    } catch (RuntimeException e) {
      return HealthCheckResponse.named("postgres")
          .down()
          .withData("reason", "the database does not answer")
          .build();
    }
  }
}
