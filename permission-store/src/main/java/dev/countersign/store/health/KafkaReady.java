package dev.countersign.store.health;

import dev.countersign.store.StoreConfig;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the brokers answer. */
@Readiness
@ApplicationScoped
class KafkaReady implements AsyncHealthCheck {
  private final Map<String, Object> settings;
  private final Duration timeout;
  private Admin admin;

  KafkaReady(@Identifier("default-kafka-broker") Map<String, Object> kafka, StoreConfig config) {
    this.timeout = config.store().healthTimeout();
    this.settings = new HashMap<>();
    kafka.forEach(
        (name, value) -> {
          if (AdminClientConfig.configNames().contains(name)) {
            settings.put(name, value);
          }
        });
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom()
        .item(this::admin)
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .chain(
            client ->
                Uni.createFrom()
                    .completionStage(
                        () -> client.describeCluster().clusterId().toCompletionStage()))
        .map(id -> HealthCheckResponse.up("kafka"))
        .ifNoItem()
        .after(timeout)
        .fail()
        .onFailure()
        .recoverWithItem(
            failure ->
                HealthCheckResponse.named("kafka")
                    .down()
                    .withData("reason", "Kafka does not answer")
                    .build());
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(settings);
    }
    return admin;
  }

  @PreDestroy
  synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
