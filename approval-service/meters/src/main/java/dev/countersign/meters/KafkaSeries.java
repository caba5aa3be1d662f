package dev.countersign.meters;

import dev.countersign.protocol.Topics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Keeps the series of Kafka clients countable: only topics of our own, by their exact names, and
 * none for each broker. A reply topic is named by its client. Kafka's second name for a topic, with
 * {@code _} for every dot, is left out too.
 */
public final class KafkaSeries implements MeterFilter {
  private static final String KAFKA = "kafka.";
  private static final String TOPIC = "topic";
  private static final String BROKER = "node.id";

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    if (!id.getName().startsWith(KAFKA)) {
      return MeterFilterReply.NEUTRAL;
    }
    String topic = id.getTag(TOPIC);
    boolean kept = id.getTag(BROKER) == null && (topic == null || Topics.ALL.contains(topic));
    return kept ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
  }

  /** Puts it into force in every service that has this library. */
  @Dependent
  static final class InForce {
    @Produces
    @Singleton
    MeterFilter kafkaSeries() {
      return new KafkaSeries();
    }
  }
}
