package dev.countersign.preflight;

import dev.countersign.protocol.kafka.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether a topic is as its plan says. What is only larger than planned is right: partitions,
 * records, the time for which they are kept. What the plan keeps for ever may be kept shorter; that
 * is the operator's choice.
 */
final class TopicCheck {
  private static final Set<String> AT_LEAST =
      Set.of("max.message.bytes", "retention.ms", "delete.retention.ms");
  private static final long FOREVER = -1;

  private TopicCheck() {}

  /** What to say of a topic that is not there. */
  static String missing(TopicPlan plan) {
    List<String> settings = new ArrayList<>();
    new TreeMap<>(plan.settings()).forEach((name, value) -> settings.add(name + "=" + value));
    return "the topic %s is missing: create it with %d partitions and %s"
        .formatted(plan.name(), plan.partitions(), String.join(", ", settings));
  }

  /**
   * What is wrong with a topic, and what would be right.
   *
   * @param settings those it has, by Kafka's names
   */
  static Optional<String> problem(TopicPlan plan, int partitions, Map<String, String> settings) {
    List<String> wrong = new ArrayList<>();
    if (partitions < plan.partitions()) {
      wrong.add(
          "has %d partitions and must have at least %d".formatted(partitions, plan.partitions()));
    }
    new TreeMap<>(plan.settings())
        .forEach(
            (name, planned) -> {
              String found = settings.get(name);
              if (!isRight(name, planned, found)) {
                wrong.add(
                    "has %s=%s and must have %s%s"
                        .formatted(
                            name, found, AT_LEAST.contains(name) ? "at least " : "", planned));
              }
            });
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of("the topic " + plan.name() + " " + String.join(", ", wrong));
  }

  private static boolean isRight(String name, String planned, String found) {
    if (found == null || !AT_LEAST.contains(name)) {
      return planned.equals(found);
    }
    long least = Long.parseLong(planned);
    long actual = Long.parseLong(found);
    return least == FOREVER || actual == FOREVER || actual >= least;
  }
}
