package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.preflight.Watch.Problem;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** What the brokers' answers mean. */
class TopicReaderTest {
  private static final TopicPlan PLAN = TopicPlan.of(Topics.DEAD_LETTERS);

  private static final String UNREADABLE =
      "the settings of the topic dead-letters may not be read: give this service's user DESCRIBE"
          + " and DESCRIBE_CONFIGS on it";

  private static KafkaFuture<TopicDescription> topic(int partitions) {
    Node node = new Node(0, "broker", 9092);
    List<TopicPartitionInfo> infos =
        IntStream.range(0, partitions)
            .mapToObj(i -> new TopicPartitionInfo(i, node, List.of(node), List.of(node)))
            .toList();
    return KafkaFuture.completedFuture(new TopicDescription(PLAN.name(), false, infos));
  }

  private static KafkaFuture<Config> planned() {
    return KafkaFuture.completedFuture(
        new Config(
            PLAN.settings().entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
                .toList()));
  }

  private static <T> KafkaFuture<T> refused(Exception why) {
    KafkaFutureImpl<T> refused = new KafkaFutureImpl<>();
    refused.completeExceptionally(why);
    return refused;
  }

  private static Optional<Problem> problem(
      KafkaFuture<TopicDescription> topic, KafkaFuture<Config> config) throws Exception {
    return TopicReader.problem(PLAN, topic, config);
  }

  @Test
  void whatIsDescribedIsComparedWithThePlan() throws Exception {
    assertEquals(Optional.empty(), problem(topic(PLAN.partitions()), planned()));
    assertEquals(TopicCheck.problem(PLAN, 1, PLAN.settings()), problem(topic(1), planned()));
  }

  @Test
  void whatMayNotBeDescribedIsGraveAndSaysWhichRightIsMissing() throws Exception {
    TopicAuthorizationException refusal = new TopicAuthorizationException(PLAN.name());
    Optional<Problem> unreadable = Optional.of(Problem.grave(UNREADABLE, UNREADABLE));
    assertEquals(unreadable, problem(topic(PLAN.partitions()), refused(refusal)));
    assertEquals(unreadable, problem(refused(refusal), planned()));
  }

  @Test
  void whatIsNotThereIsMissing() throws Exception {
    UnknownTopicOrPartitionException unknown = new UnknownTopicOrPartitionException();
    Optional<Problem> missing = Optional.of(TopicCheck.missing(PLAN));
    assertEquals(missing, problem(refused(unknown), planned()));
    assertEquals(missing, problem(topic(PLAN.partitions()), refused(unknown)));
  }

  @Test
  void brokersThatDoNotAnswerTellNothing() {
    assertThrows(
        ExecutionException.class,
        () -> problem(topic(PLAN.partitions()), refused(new TimeoutException("away"))));
  }
}
