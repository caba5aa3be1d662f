package dev.countersign.preflight;

import dev.countersign.preflight.Watch.Finding;
import dev.countersign.protocol.kafka.KafkaUser;
import dev.countersign.protocol.kafka.TopicPlan;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the topics that this service reads and writes are as they must be. Before they have been
 * seen it is not known; brokers that are away later change nothing. What is not grave keeps the
 * service from being ready until it was ready once: every replica sees it at the same time, and
 * each can go on.
 */
@Readiness
@ApplicationScoped
class TopicsReady implements HealthCheck {
  private static final Duration WHILE_RIGHT = Duration.ofSeconds(30);
  private static final Duration WHILE_WRONG = Duration.ofSeconds(2);
  private static final String NOT_DESCRIBED = "the brokers have not described them yet";

  private final Watch watch;

  TopicsReady(
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "quarkus.application.name") String service) {
    this.watch =
        new Watch(
            "topics", new TopicReader(plans(service), kafka, service), WHILE_RIGHT, WHILE_WRONG);
  }

  /** The topics that the service's user of Kafka, who is called as it is, may read or write. */
  static List<TopicPlan> plans(String service) {
    KafkaUser user =
        KafkaUser.SERVICES.stream().filter(u -> u.name().equals(service)).findFirst().orElseThrow();
    return TopicPlan.ALL.stream()
        .filter(plan -> user.mayRead(plan.name()) || user.mayWrite(plan.name()))
        .toList();
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
    boolean known = watch.hasLooked();
    return response(watch.finding(), known);
  }

  static HealthCheckResponse response(Optional<Finding> finding, boolean known) {
    HealthCheckResponseBuilder topics =
        HealthCheckResponse.named("topics")
            .status(known && !finding.map(Finding::keepsFromReady).orElse(false));
    finding
        .map(Finding::text)
        .or(() -> known ? Optional.empty() : Optional.of(NOT_DESCRIBED))
        .ifPresent(reason -> topics.withData("reason", reason));
    return topics.build();
  }
}
