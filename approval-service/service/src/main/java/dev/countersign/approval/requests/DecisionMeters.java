package dev.countersign.approval.requests;

import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.ToolKind;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.protocol.DecidedBy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/**
 * Counts decisions and prompts once they are stored, each once in all replicas together: what Kafka
 * delivers again is stored no second time. Never blocks; thread-safe.
 */
@Startup
@ApplicationScoped
public class DecisionMeters {
  private static final Duration[] LATENCIES =
      List.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000)
          .stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterProvider<Counter> decisions;
  private final Timer unasked;
  private final Timer asked;
  private final Counter opened;
  private final Counter timedOut;

  public DecisionMeters(MeterRegistry registry) {
    decisions =
        Counter.builder("countersign.decisions")
            .description("Requests that are decided")
            .withRegistry(registry);
    unasked = latency(registry, false);
    asked = latency(registry, true);
    opened =
        Counter.builder("countersign.prompts.opened")
            .description("Prompts that were stored for a person")
            .register(registry);
    // From zero on, unlike the decisions by their labels: an increase misses a series' first.
    timedOut =
        Counter.builder("countersign.prompts.timed.out")
            .description("Prompts that ended because nobody answered")
            .register(registry);
  }

  private static Timer latency(MeterRegistry registry, boolean asked) {
    return Timer.builder("countersign.decision.latency")
        .description("From the time that the broker gave the request to the decision")
        .tag("asked", Boolean.toString(asked))
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }

  /** These were stored, or decided, and that is committed. */
  void stored(List<StoredRequest> requests) {
    requests.forEach(this::stored);
  }

  private void stored(StoredRequest request) {
    boolean prompted = request.promptId() != null;
    if (request.decided()) {
      decisions.withTags(labels(request)).increment();
      Duration latency = Duration.between(request.requestedAt(), request.decidedAt());
      // The broker's clock may be ahead of the database's.
      (prompted ? asked : unasked).record(latency.isNegative() ? Duration.ZERO : latency);
      if (prompted && request.outcome().decidedBy() == DecidedBy.TIMEOUT) {
        timedOut.increment();
      }
    } else if (prompted) {
      opened.increment();
    }
  }

  private static Tags labels(StoredRequest request) {
    Outcome outcome = request.outcome();
    return Tags.of(
        "effect", RequestRows.word(outcome.effect()),
        "decided_by", RequestRows.word(outcome.decidedBy()),
        "mode", mode(request.mode()),
        "kind", kind(request.tool()));
  }

  /** Without a mode is what was decided without looking at the policy. */
  private static String mode(String word) {
    return word == null
        ? "none"
        : PermissionMode.of(word).map(PermissionMode::word).orElse("other");
  }

  private static String kind(String tool) {
    ToolKind kind = tool == null ? ToolKind.OTHER : ToolCatalogue.inForce().entry(tool).kind();
    return kind.word();
  }
}
