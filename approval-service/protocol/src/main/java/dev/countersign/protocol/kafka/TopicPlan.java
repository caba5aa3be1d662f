package dev.countersign.protocol.kafka;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a topic must be like.
 *
 * @param name of the topic
 * @param partitions the fewest it has; a cluster may give it more before it is first used. One that
 *     gets more later spreads the keys anew
 * @param settings of the topic, by Kafka's names; every one matters to the code
 */
public record TopicPlan(String name, int partitions, Map<String, String> settings) {
  /** Of every topic, the fewest. */
  public static final int PARTITIONS = 6;

  private static final long WITHOUT_END = -1;

  /** More than planned is right: larger records, and a longer time for which they are kept. */
  private static final Set<String> AT_LEAST =
      Set.of("max.message.bytes", "retention.ms", "delete.retention.ms");

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration FOREVER = Duration.ofMillis(WITHOUT_END);

  /** How long a topic keeps its records; one that is not named here keeps them a week. */
  private static final Map<String, Duration> RETENTION =
      Map.of(
          Topics.REQUESTS, DAY,
          Topics.REPLIES, DAY,
          Topics.INBOX, DAY,
          Topics.RECEIPTS, FOREVER,
          Topics.DEAD_LETTERS, Duration.ofDays(30));

  /** Every topic of {@link Topics#ALL}, in its order. */
  public static final List<TopicPlan> ALL = Topics.ALL.stream().map(TopicPlan::shared).toList();

  public TopicPlan {
    settings = Map.copyOf(settings);
  }

  /** The topic of that name among {@link #ALL}. */
  public static TopicPlan of(String name) {
    return ALL.stream().filter(plan -> plan.name().equals(name)).findFirst().orElseThrow();
  }

  /** A topic for the replies to one client that speaks Kafka itself. */
  public static TopicPlan ofReplies(String client) {
    return kept(Topics.replies(client), DAY);
  }

  /** Whether more than planned of a setting is right, too. */
  public static boolean isLeast(String setting) {
    return AT_LEAST.contains(setting);
  }

  /**
   * Whether a topic may have this. What the plan keeps for ever may be kept shorter; that is the
   * operator's choice.
   *
   * @param setting one of the plan's
   * @param found its value; null if it has none
   */
  public boolean allows(String setting, String found) {
    String planned = settings.get(setting);
    if (found == null || !isLeast(setting)) {
      return planned.equals(found);
    }
    long least = Long.parseLong(planned);
    long actual = Long.parseLong(found);
    return least == WITHOUT_END || actual == WITHOUT_END || actual >= least;
  }

  private static TopicPlan shared(String name) {
    if (!Topics.COMPACTED.contains(name)) {
      return kept(name, RETENTION.getOrDefault(name, WEEK));
    }
    Map<String, String> settings = common();
    settings.put("cleanup.policy", "compact");
    if (name.equals(Topics.OVERRIDE_DOCUMENTS)) {
      settings.put("delete.retention.ms", millis(Topics.DOCUMENT_TOMBSTONES_STAY));
    }
    return new TopicPlan(name, PARTITIONS, settings);
  }

  private static TopicPlan kept(String name, Duration retention) {
    Map<String, String> settings = common();
    settings.put("cleanup.policy", "delete");
    settings.put("retention.ms", millis(retention));
    return new TopicPlan(name, PARTITIONS, settings);
  }

  /** A record's age is the broker's word: a sender could choose its own. */
  private static Map<String, String> common() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("message.timestamp.type", "LogAppendTime");
    settings.put("max.message.bytes", String.valueOf(Json.MAX_RECORD_BYTES));
    return settings;
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
