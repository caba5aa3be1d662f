package dev.countersign.approval.health;

import dev.countersign.approval.kafka.KafkaSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether Kafka answers. */
@Readiness
@ApplicationScoped
public class CheckKafka implements HealthCheck {
  private static final int TIMEOUT_MILLIS = 2000;

  private final Admin admin;

  public CheckKafka(KafkaSettings kafka) {
    admin =
        Admin.create(
            kafka.admin(
                Map.of(
                    AdminClientConfig.CLIENT_ID_CONFIG, "approval-service.health",
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS)));
  }

  @Override
  public HealthCheckResponse call() {
    try {
      admin.describeCluster().nodes().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      return HealthCheckResponse.up("kafka");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HealthCheckResponse.down("kafka");
    } catch (Exception e) {
      return HealthCheckResponse.named("kafka")
          .down()
          .withData("reason", "the broker does not answer")
          .build();
    }
  }

  @PreDestroy
  void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
