package dev.countersign.meters;

import dev.countersign.protocol.DeadLetterCodes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Counts records: how many came in one poll, and which went to the dead letters. A record that
 * Kafka delivers again comes again, and a dead letter that is written again is another one. Never
 * blocks; thread-safe.
 */
@Startup
@ApplicationScoped
public class RecordMeters {
  private final MeterProvider<Counter> deadLetters;
  private final MeterProvider<DistributionSummary> batches;

  public RecordMeters(MeterRegistry registry) {
    deadLetters =
        Counter.builder("countersign.dead.letters")
            .description("Dead letters that the brokers have, by code")
            .withRegistry(registry);
    batches =
        DistributionSummary.builder("countersign.batch.records")
            .description("Records of one poll")
            .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500)
            .withRegistry(registry);
    // From zero on, or the first one would be no increase.
    DeadLetterCodes.ALL.forEach(this::counter);
    counter(DeadLetterCodes.OTHER);
  }

  /** A dead letter was written. */
  public void deadLettered(String code) {
    counter(DeadLetterCodes.listed(code)).increment();
  }

  /**
   * Records came.
   *
   * @param channel as it is named in the configuration
   */
  public void polled(String channel, int records) {
    batches.withTag("channel", channel).record(records);
  }

  private Counter counter(String code) {
    return deadLetters.withTag("code", code);
  }
}
