package dev.countersign.kubernetes;

import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The topics and their settings are those of {@link TopicPlan}. */
final class TopicCheck implements Check {
  /** How the names of direct clients' topics begin. */
  private static final String OF_CLIENTS = Topics.replies("");

  /** What a manifest may set beside what the code needs: nothing in the code depends on these. */
  private static final List<String> FREE =
      List.of("segment.ms", "segment.bytes", "max.compaction.lag.ms");

  static String name(KafkaTopic topic) {
    return Optional.ofNullable(topic.getSpec().getTopicName())
        .orElse(topic.getMetadata().getName());
  }

  @Override
  public void run(Manifests manifests, Faults faults) {
    Map<String, KafkaTopic> topics = new HashMap<>();
    for (KafkaTopic topic : manifests.all(KafkaTopic.class)) {
      KafkaTopic before = topics.put(name(topic), topic);
      faults.require(
          before == null, Manifests.id(topic), "the topic is declared twice", "one KafkaTopic");
    }
    for (TopicPlan plan : TopicPlan.ALL) {
      KafkaTopic topic = topics.remove(plan.name());
      if (topic == null) {
        faults.add("KafkaTopic/" + plan.name(), "it is missing", String.valueOf(plan));
      } else {
        compare(plan, topic, faults);
      }
    }
    for (KafkaTopic topic : topics.values()) {
      if (name(topic).startsWith(OF_CLIENTS)) {
        compare(TopicPlan.ofReplies(name(topic).substring(OF_CLIENTS.length())), topic, faults);
      } else {
        faults.add(
            Manifests.id(topic),
            "no code uses the topic " + name(topic),
            "one of " + new TreeSet<>(TopicPlan.ALL.stream().map(TopicPlan::name).toList()));
      }
    }
  }

  private static void compare(TopicPlan plan, KafkaTopic topic, Faults faults) {
    String id = Manifests.id(topic);
    int partitions = Optional.ofNullable(topic.getSpec().getPartitions()).orElse(0);
    faults.require(
        partitions >= plan.partitions(),
        id,
        "it has " + partitions + " partitions",
        "at least " + plan.partitions());
    Map<String, Object> settings =
        Optional.ofNullable(topic.getSpec().getConfig()).orElse(Map.of());
    plan.settings()
        .forEach(
            (name, value) ->
                faults.requireEqual(
                    id,
                    name,
                    value,
                    Optional.ofNullable(settings.get(name)).map(String::valueOf).orElse(null)));
    for (String name : settings.keySet()) {
      faults.require(
          plan.settings().containsKey(name) || FREE.contains(name),
          id,
          "it sets " + name + ", which TopicPlan does not",
          "only " + new TreeSet<>(plan.settings().keySet()) + " and of " + FREE);
    }
  }
}
