package dev.countersign.embedded;

import dev.countersign.protocol.kafka.TopicPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics of a cluster of one broker. */
public final class TopicSetup {
  private TopicSetup() {}

  /**
   * Creates every topic that is not there yet and leaves the others as they are; afterwards each
   * has a leader for every partition.
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
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create the topics", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating the topics", e);
    }
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
