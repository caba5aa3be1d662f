package dev.countersign.store.health;

import dev.countersign.store.StoreConfig;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the database answers. */
@Readiness
@ApplicationScoped
class PostgresReady implements AsyncHealthCheck {
  private final Pool pool;
  private final StoreConfig config;

  PostgresReady(Pool pool, StoreConfig config) {
    this.pool = pool;
    this.config = config;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return pool.query("select 1")
        .execute()
        .map(rows -> HealthCheckResponse.up("postgres"))
        .ifNoItem()
        .after(config.store().healthTimeout())
        .fail()
        .onFailure()
        .recoverWithItem(
            failure ->
                HealthCheckResponse.named("postgres")
                    .down()
                    .withData("reason", "Postgres does not answer")
                    .build());
  }
}
