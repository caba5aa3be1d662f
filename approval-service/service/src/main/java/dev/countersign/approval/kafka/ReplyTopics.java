package dev.countersign.approval.kafka;

import dev.countersign.protocol.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Which topics take replies. Asked of the brokers before anything is sent: a producer would wait
 * two seconds for each record of a topic that does not exist. What is learnt holds for a while.
 *
 * <p>A broker that has just started may not know a topic yet. That one of ours does not exist is
 * asked again every second, and in doubt for ten.
 */
@ApplicationScoped
public class ReplyTopics {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final int TIMEOUT_MILLIS = 2000;
  private static final int MOST = 10_000;
  private static final long HOLDS = Duration.ofSeconds(30).toNanos();
  private static final long HOLDS_OF_OURS = Duration.ofSeconds(1).toNanos();
  private static final long IN_DOUBT = Duration.ofSeconds(10).toNanos();

  /**
   * @param problem null if the topic can be used
   * @param missing whether the problem is that the brokers know no such topic
   * @param first when they first said so, without having known it since
   */
  private record Known(String problem, boolean missing, long since, long first) {}

  /** Asks the brokers about topics. */
  interface Brokers extends AutoCloseable {
    Map<String, KafkaFuture<TopicDescription>> describe(Collection<String> topics);

    @Override
    void close();
  }

  private final Brokers brokers;
  private final LongSupplier nanos;
  private final Map<String, Known> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  @Inject
  public ReplyTopics(KafkaSettings kafka) {
    this(brokers(kafka), System::nanoTime);
  }

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  ReplyTopics(Brokers brokers, LongSupplier nanos) {
    this.brokers = brokers;
    this.nanos = nanos;
  }

  static Brokers brokers(KafkaSettings kafka) {
    Admin admin =
        Admin.create(
            kafka.admin(
                Map.of(
                    AdminClientConfig.CLIENT_ID_CONFIG, "approval-service.reply-topics",
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS)));
    return new Brokers() {
      @Override
      public Map<String, KafkaFuture<TopicDescription>> describe(Collection<String> topics) {
        return admin.describeTopics(topics).topicNameValues();
      }

      @Override
      public void close() {
        admin.close(Duration.ofSeconds(1));
      }
    };
  }

  /**
   * Why a topic of ours cannot be used, as the brokers say now or said just now; null if it can.
   */
  public String check(String topic) {
    look(List.of(topic));
    return problem(topic);
  }

  /** Asks the brokers about those that are not known, all at once; blocks at most two seconds. */
  void look(Collection<String> topics) {
    List<String> unknown =
        topics.stream().distinct().filter(topic -> known(topic) == null).toList();
    unknown.stream()
        .filter(topic -> !valid(topic))
        .forEach(topic -> note(topic, "no topic can have this name", false));
    List<String> asked = unknown.stream().filter(ReplyTopics::valid).toList();
    if (!asked.isEmpty()) {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
      brokers.describe(asked).forEach((topic, description) -> note(topic, description, deadline));
    }
  }

  private void note(String topic, KafkaFuture<TopicDescription> description, long deadline) {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      TopicDescription found = description.get(left, TimeUnit.NANOSECONDS);
      boolean led = found.partitions().stream().allMatch(p -> p.leader() != null);
      note(topic, led || ours(topic) ? null : "a partition of the topic has no leader", false);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiException refusal && definite(refusal)) {
        note(topic, refusal.getMessage(), refusal instanceof UnknownTopicOrPartitionException);
      }
    } catch (TimeoutException e) {
      // Nothing is known then; sending will show.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean ours(String topic) {
    return Topics.ALL.contains(topic);
  }

  private static boolean definite(ApiException refusal) {
    return refusal instanceof UnknownTopicOrPartitionException || Failures.refusal(refusal) != null;
  }

  /** Why a topic cannot be used; null if it can, or if nothing is known. */
  String problem(String topic) {
    Known found = known(topic);
    return found == null ? null : found.problem();
  }

  /** It turned out that a topic cannot be used. */
  void refused(String topic, String problem) {
    note(topic, problem, false);
  }

  /**
   * Whether a topic of ours that does not exist may exist all the same: the brokers may have said
   * so only because they have just started.
   */
  synchronized boolean doubtful(String topic) {
    Known found = known.get(topic);
    return found != null
        && found.missing()
        && ours(topic)
        && nanos.getAsLong() - found.first() < IN_DOUBT;
  }

  private static boolean valid(String topic) {
    return NAME.matcher(topic).matches() && !topic.equals(".") && !topic.equals("..");
  }

  private synchronized Known known(String topic) {
    Known found = known.get(topic);
    if (found == null) {
      return null;
    }
    long holds = found.missing() && ours(topic) ? HOLDS_OF_OURS : HOLDS;
    return nanos.getAsLong() - found.since() > holds ? null : found;
  }

  private synchronized void note(String topic, String problem, boolean missing) {
    Known before = known.get(topic);
    long now = nanos.getAsLong();
    long first = missing && before != null && before.missing() ? before.first() : now;
    known.put(topic, new Known(problem, missing, now, first));
  }

  @PreDestroy
  void close() {
    brokers.close();
  }
}
