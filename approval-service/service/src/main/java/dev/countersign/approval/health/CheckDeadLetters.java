package dev.countersign.approval.health;

import dev.countersign.approval.kafka.ReplyTopics;
import dev.countersign.protocol.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether what cannot be decided can be kept. Without it the others are still decided, but what is
 * refused leaves no more than a line in the log.
 */
@Readiness
@ApplicationScoped
public class CheckDeadLetters implements HealthCheck {
  private final ReplyTopics topics;

  public CheckDeadLetters(ReplyTopics topics) {
    this.topics = topics;
  }

  @Override
  public HealthCheckResponse call() {
    String problem = topics.check(Topics.DEAD_LETTERS);
    return problem == null
        ? HealthCheckResponse.up(Topics.DEAD_LETTERS)
        : HealthCheckResponse.named(Topics.DEAD_LETTERS).down().withData("reason", problem).build();
  }
}
