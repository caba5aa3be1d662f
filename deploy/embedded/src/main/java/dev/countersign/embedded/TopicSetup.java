package dev.countersign.embedded;

import dev.countersign.protocol.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The settings of every topic on one machine, in one list. */
public final class TopicSetup {
  /** Of every topic. */
  public static final int PARTITIONS = 6;

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration FOREVER = Duration.ofMillis(-1);

  /** How long a topic keeps its records; one that is not named here keeps them seven days. */
  private static final Map<String, Duration> RETENTION =
      Map.of(
          Topics.REQUESTS, DAY,
          Topics.REPLIES, DAY,
          Topics.INBOX, DAY,
          Topics.RECEIPTS, FOREVER,
          Topics.DEAD_LETTERS, Duration.ofDays(30));

  private TopicSetup() {}

  /**
   * Creates every topic that is not there yet and leaves the others as they are; afterwards each
   * has a leader for every partition.
   */
  public static void createAll(String bootstrapServers) {
    create(bootstrapServers, Topics.ALL.stream().map(TopicSetup::topic).toList());
  }

  /** Creates a reply topic of one client, such as {@code permission.replies.kcat}. */
  public static void createReplyTopic(String bootstrapServers, String name) {
    create(bootstrapServers, List.of(topic(name)));
  }

  private static NewTopic topic(String name) {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("message.timestamp.type", "LogAppendTime");
    config.put("max.message.bytes", String.valueOf(BrokerSettings.MAX_MESSAGE_BYTES));
    if (Topics.COMPACTED.contains(name)) {
      config.put("cleanup.policy", "compact");
      if (name.equals(Topics.OVERRIDE_DOCUMENTS)) {
        config.put(
            "delete.retention.ms", String.valueOf(Topics.DOCUMENT_TOMBSTONES_STAY.toMillis()));
      }
    } else {
      Duration retention =
          name.startsWith(Topics.REPLIES + ".")
              ? DAY
              : RETENTION.getOrDefault(name, Duration.ofDays(7));
      config.put("cleanup.policy", "delete");
      config.put("retention.ms", String.valueOf(retention.toMillis()));
    }
    return new NewTopic(name, PARTITIONS, (short) 1).configs(config);
  }

  private static void create(String bootstrapServers, List<NewTopic> topics) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing = topics.stream().filter(t -> !existing.contains(t.name())).toList();
      for (var created : admin.createTopics(missing).values().values()) {
        try {
          created.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
      awaitLeaders(admin, topics.stream().map(NewTopic::name).toList());
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
