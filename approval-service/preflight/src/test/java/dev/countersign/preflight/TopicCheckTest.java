package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.countersign.preflight.Watch.Problem;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicCheckTest {
  @Test
  void whatIsAsPlannedIsRight() {
    for (TopicPlan plan : TopicPlan.ALL) {
      assertEquals(Optional.empty(), TopicCheck.problem(plan, plan.partitions(), plan.settings()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "permission.requests, message.timestamp.type, CreateTime, LogAppendTime",
    "permission.requests, cleanup.policy, 'compact,delete', delete",
    "permission.requests, max.message.bytes, 1048588, at least 4194304",
    "permission.requests, retention.ms, 3600000, at least 86400000",
    "dead-letters, retention.ms, 604800000, at least 2592000000",
    "permission.prompts, cleanup.policy, delete, compact",
    "override.documents, cleanup.policy, 'compact,delete', compact",
    "override.documents, delete.retention.ms, 86400000, at least 315360000000",
  })
  void whatIsNotIsNamedWithWhatItMustBe(String topic, String name, String found, String right) {
    assertEquals(
        Optional.of("the topic %s has %s=%s and must have %s".formatted(topic, name, found, right)),
        with(topic, name, found).map(Problem::text));
    assertEquals(
        !right.startsWith("at least "),
        with(topic, name, found).orElseThrow().isGrave(),
        "what is only smaller can be worked with");
  }

  @ParameterizedTest
  @CsvSource({
    "permission.requests, max.message.bytes, 8388608",
    "permission.requests, retention.ms, 604800000",
    "permission.requests, retention.ms, -1",
    "override.documents, delete.retention.ms, 9223372036854775807",
    // The operator's choice.
    "permission.receipts, retention.ms, 86400000",
    "permission.requests, min.insync.replicas, 2",
  })
  void moreThanPlannedIsRight(String topic, String name, String found) {
    assertEquals(Optional.empty(), with(topic, name, found));
  }

  private static Optional<Problem> with(String topic, String name, String found) {
    TopicPlan plan = TopicPlan.of(topic);
    Map<String, String> settings = new HashMap<>(plan.settings());
    settings.put(name, found);
    return TopicCheck.problem(plan, plan.partitions(), settings);
  }

  @Test
  void partitionsMayBeMoreAndNotFewer() {
    TopicPlan plan = TopicPlan.of(Topics.REPLIES);
    assertEquals(Optional.empty(), TopicCheck.problem(plan, 60, plan.settings()));
    assertEquals(
        Optional.of("the topic permission.replies has 1 partitions and must have at least 6"),
        TopicCheck.problem(plan, 1, plan.settings()).map(Problem::text));
    assertFalse(TopicCheck.problem(plan, 1, plan.settings()).orElseThrow().isGrave());
  }

  @Test
  void severalTopicsShareALineThatIsAsGraveAsTheGravest() {
    Problem small = new Problem("a", "a is small", false);
    Problem missing = Problem.grave("b", "b is missing");
    assertEquals(Optional.empty(), TopicCheck.all(List.of()));
    assertEquals(Optional.of(new Problem("a is small", "a is small", false)), all(small));
    assertEquals(
        Optional.of(Problem.grave("a is small; b is missing", "a is small; b is missing")),
        all(small, missing));
  }

  private static Optional<Problem> all(Problem... problems) {
    return TopicCheck.all(List.of(problems));
  }

  @Test
  void allThatIsWrongIsInOneLine() {
    TopicPlan plan = TopicPlan.of(Topics.ANSWERS);
    assertEquals(
        Optional.of(
            "the topic permission.answers has 3 partitions and must have at least 6,"
                + " has cleanup.policy=null and must have delete,"
                + " has max.message.bytes=null and must have at least 4194304,"
                + " has message.timestamp.type=null and must have LogAppendTime,"
                + " has retention.ms=null and must have at least 604800000"),
        TopicCheck.problem(plan, 3, Map.of()).map(Problem::text));
  }

  @Test
  void aMissingOneIsSaidWithHowToMakeIt() {
    assertEquals(
        "the topic override.documents is missing: create it with 6 partitions and"
            + " cleanup.policy=compact, delete.retention.ms=315360000000,"
            + " max.message.bytes=4194304, message.timestamp.type=LogAppendTime",
        TopicCheck.missing(TopicPlan.of(Topics.OVERRIDE_DOCUMENTS)).text());
  }

  @Test
  void aServiceLooksAtTheTopicsItReadsAndWrites() {
    assertEquals(
        List.of(
            Topics.OVERRIDE_COMMANDS,
            Topics.OVERRIDE_REPLIES,
            Topics.OVERRIDE_DOCUMENTS,
            Topics.DEAD_LETTERS),
        TopicsReady.plans("permission-store").stream().map(TopicPlan::name).toList());
  }
}
