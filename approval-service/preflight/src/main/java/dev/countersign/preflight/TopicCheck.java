package dev.countersign.preflight;

import dev.countersign.preflight.Watch.Problem;
import dev.countersign.protocol.kafka.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether a topic is as its plan says. What is only larger than planned is right: partitions,
 * records, the time for which they are kept. What the plan keeps for ever may be kept shorter; that
 * is the operator's choice. What is only smaller than planned is wrong, but not grave: what worked
 * with it so far goes on.
 */
final class TopicCheck {
  private TopicCheck() {}

  /** What to say of a topic that is not there. */
  static Problem missing(TopicPlan plan) {
    List<String> settings = new ArrayList<>();
    new TreeMap<>(plan.settings()).forEach((name, value) -> settings.add(name + "=" + value));
    return grave(
        "the topic %s is missing: create it with %d partitions and %s"
            .formatted(plan.name(), plan.partitions(), String.join(", ", settings)));
  }

  /** What to say of a topic that this service's user may not describe. */
  static Problem unreadable(TopicPlan plan) {
    return grave(
        "the settings of the topic %s may not be read: give this service's user DESCRIBE and DESCRIBE_CONFIGS on it"
            .formatted(plan.name()));
  }

  private static Problem grave(String text) {
    return Problem.grave(text, text);
  }

  /** What to say of all topics, in one line. */
  static Optional<Problem> all(List<Problem> problems) {
    String text = problems.stream().map(Problem::text).collect(Collectors.joining("; "));
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(new Problem(text, text, problems.stream().anyMatch(Problem::isGrave)));
  }

  /**
   * What is wrong with a topic, and what would be right.
   *
   * @param settings those it has, by Kafka's names
   */
  static Optional<Problem> problem(TopicPlan plan, int partitions, Map<String, String> settings) {
    List<String> wrong = new ArrayList<>();
    boolean grave = false;
    if (partitions < plan.partitions()) {
      wrong.add(
          "has %d partitions and must have at least %d".formatted(partitions, plan.partitions()));
    }
    for (var planned : new TreeMap<>(plan.settings()).entrySet()) {
      String name = planned.getKey();
      String found = settings.get(name);
      if (!plan.allows(name, found)) {
        boolean atLeast = TopicPlan.isLeast(name);
        grave |= !atLeast;
        wrong.add(
            "has %s=%s and must have %s%s"
                .formatted(name, found, atLeast ? "at least " : "", planned.getValue()));
      }
    }
    String text = "the topic " + plan.name() + " " + String.join(", ", wrong);
    return wrong.isEmpty() ? Optional.empty() : Optional.of(new Problem(text, text, grave));
  }
}
