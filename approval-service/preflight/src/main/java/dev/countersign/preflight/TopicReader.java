package dev.countersign.preflight;

import dev.countersign.preflight.Watch.Problem;
import dev.countersign.protocol.kafka.TopicPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the brokers what topics are like. For one thread. */
final class TopicReader implements Watch.Look {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final List<TopicPlan> plans;
  private final Map<String, Object> settings;
  private Admin admin;

  /**
   * @param plans what they must be like
   * @param kafka how brokers are reached; what admin clients do not know is left out
   * @param service as which it calls itself
   */
  TopicReader(List<TopicPlan> plans, Map<String, Object> kafka, String service) {
    this.plans = List.copyOf(plans);
    this.settings = new HashMap<>(kafka);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, service + ".topics");
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
  }

  /** All that is wrong with them, in one line. Brokers that do not answer make it fail. */
  @Override
  public Optional<Problem> look() throws Exception {
    if (admin == null) {
      admin = Admin.create(settings);
    }
    Map<String, KafkaFuture<TopicDescription>> topics =
        admin.describeTopics(plans.stream().map(TopicPlan::name).toList()).topicNameValues();
    Map<ConfigResource, KafkaFuture<Config>> configs =
        admin
            .describeConfigs(plans.stream().map(TopicReader::resource).collect(Collectors.toSet()))
            .values();
    List<Problem> wrong = new ArrayList<>();
    for (TopicPlan plan : plans) {
      problem(plan, topics.get(plan.name()), configs.get(resource(plan))).ifPresent(wrong::add);
    }
    return TopicCheck.all(wrong);
  }

  private static ConfigResource resource(TopicPlan plan) {
    return new ConfigResource(ConfigResource.Type.TOPIC, plan.name());
  }

  /** What is wrong with a topic by the brokers' answers, of which each may be a refusal. */
  static Optional<Problem> problem(
      TopicPlan plan, KafkaFuture<TopicDescription> topic, KafkaFuture<Config> config)
      throws Exception {
    try {
      int partitions = topic.get().partitions().size();
      Map<String, String> settings = new HashMap<>();
      for (ConfigEntry entry : config.get().entries()) {
        settings.put(entry.name(), entry.value());
      }
      return TopicCheck.problem(plan, partitions, settings);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.of(TopicCheck.missing(plan));
      }
      if (e.getCause() instanceof TopicAuthorizationException) {
        return Optional.of(TopicCheck.unreadable(plan));
      }
      throw e;
    }
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
