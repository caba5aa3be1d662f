package dev.countersign.gateway.kafka;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether Kafka answers. */
@Readiness
@ApplicationScoped
public class KafkaHealth implements HealthCheck {
  private static final long SECONDS = 2;

  private final AdminClient admin;

  public KafkaHealth(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.keySet().retainAll(AdminClientConfig.configNames());
    config.put("request.timeout.ms", (int) TimeUnit.SECONDS.toMillis(SECONDS));
    config.put("default.api.timeout.ms", (int) TimeUnit.SECONDS.toMillis(SECONDS));
    this.admin = AdminClient.create(config);
  }

  @Override
  public HealthCheckResponse call() {
    try {
      admin.describeCluster().nodes().get(SECONDS, TimeUnit.SECONDS);
      return HealthCheckResponse.up("kafka");
    } catch (ExecutionException | TimeoutException e) {
      return HealthCheckResponse.down("kafka");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HealthCheckResponse.down("kafka");
    }
  }

  @PreDestroy
  void close() {
    admin.close();
  }

  /** Whether replies are read; until then a request could miss its reply. */
  @Readiness
  @ApplicationScoped
  public static class Assignment implements HealthCheck {
    private final Assignments assignments;

    public Assignment(Assignments assignments) {
      this.assignments = assignments;
    }

    @Override
    public HealthCheckResponse call() {
      Set<String> missing = assignments.missing();
      return HealthCheckResponse.named("assignment")
          .status(missing.isEmpty())
          .withData("waiting-for", String.join(", ", missing))
          .build();
    }
  }
}
