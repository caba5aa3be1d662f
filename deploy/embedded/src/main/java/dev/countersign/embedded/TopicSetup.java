package dev.countersign.embedded;

import dev.countersign.protocol.kafka.TopicPlan;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics of a cluster of one broker. */
public final class TopicSetup {
  private TopicSetup() {}

  /**
   * Creates every topic that is not there yet, and sets of the others what is not as planned: an
   * earlier release may have made them, and no service is ready before. What an operator made
   * larger stays. Afterwards each has a leader for every partition.
   *
   * @param admin how the brokers are reached, by Kafka's names
   */
  public static void createAll(Map<String, Object> admin) {
    create(admin, TopicPlan.ALL);
  }

  /** The same on a broker that takes everybody. */
  public static void createAll(String bootstrapServers) {
    createAll(Map.of("bootstrap.servers", bootstrapServers));
  }

  /**
   * Creates the topic for the replies to one client that speaks Kafka itself.
   *
   * @param admin how the brokers are reached, by Kafka's names
   * @param client as sessions are started with
   */
  public static void createReplyTopic(Map<String, Object> admin, String client) {
    create(admin, List.of(TopicPlan.ofReplies(client)));
  }

  private static NewTopic topic(TopicPlan plan) {
    return new NewTopic(plan.name(), plan.partitions(), (short) 1).configs(plan.settings());
  }

  private static void create(Map<String, Object> client, List<TopicPlan> plans) {
    List<String> names = plans.stream().map(TopicPlan::name).toList();
    try (Admin admin = Admin.create(client)) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing =
          plans.stream()
              .filter(plan -> !existing.contains(plan.name()))
              .map(TopicSetup::topic)
              .toList();
      for (var created : admin.createTopics(missing).values().values()) {
        try {
          created.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
      awaitLeaders(admin, names);
      alter(admin, plans);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create the topics", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating the topics", e);
    }
  }

  private static void alter(Admin admin, List<TopicPlan> plans)
      throws ExecutionException, InterruptedException {
    Map<ConfigResource, Config> found =
        admin.describeConfigs(plans.stream().map(TopicSetup::resource).toList()).all().get();
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (TopicPlan plan : plans) {
      Config config = found.get(resource(plan));
      List<AlterConfigOp> wrong =
          plan.settings().entrySet().stream()
              .filter(setting -> !plan.allows(setting.getKey(), value(config, setting.getKey())))
              .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
              .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
              .toList();
      if (!wrong.isEmpty()) {
        changes.put(resource(plan), wrong);
      }
    }
    admin.incrementalAlterConfigs(changes).all().get();
  }

  private static ConfigResource resource(TopicPlan plan) {
    return new ConfigResource(ConfigResource.Type.TOPIC, plan.name());
  }

  private static String value(Config config, String setting) {
    ConfigEntry entry = config.get(setting);
    return entry == null ? null : entry.value();
  }

  private static void awaitLeaders(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException {
    for (long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos(); ; ) {
      try {
        boolean all =
            admin.describeTopics(names).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.leader() != null);
        if (all) {
          return;
        }
      } catch (ExecutionException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("some topics got no leader within 30 s");
      }
      Thread.sleep(20);
    }
  }
}
