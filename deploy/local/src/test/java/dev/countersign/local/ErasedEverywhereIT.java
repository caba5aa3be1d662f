package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.Traces;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An erase empties both databases at once, and Kafka as soon as its retention and its cleaner
 * allow: here after seconds.
 */
@Tag("full")
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class ErasedEverywhereIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration CLEANER = Duration.ofSeconds(150);
  private static final String SECOND = "1000";

  private final SystemFixture system;
  private final String marker = "marker" + UUID.randomUUID().toString().replace("-", "");

  ErasedEverywhereIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void anErasedDocumentIsInNoTableAndAfterRetentionOnNoTopic() throws Exception {
    Agent agent = system.newAgent();
    String document = "/v1/users/" + agent.user() + "/permissions";
    settle(agent, document);
    assertTrue(
        inStore()
            .containsAll(
                Set.of(
                    "command_result.reply",
                    "permission_history.after_document",
                    "user_permissions.document")));
    assertTrue(
        inApproval()
            .containsAll(
                Set.of(
                    "document_edit.document",
                    "override_projection.document",
                    "prompt.options",
                    "request.edited_input",
                    "request_input.call")));
    List<String> topics = onTopics();
    assertTrue(
        topics.containsAll(
            List.of(
                Topics.ANSWERS,
                Topics.OVERRIDE_COMMANDS,
                Topics.OVERRIDE_DOCUMENTS,
                Topics.PROMPTS,
                Topics.REPLIES,
                Topics.REQUESTS)),
        topics::toString);
    assertTrue(topics.stream().noneMatch(List.of(Topics.RECEIPTS, Topics.DEAD_LETTERS)::contains));

    agent.person().delete(document).orThrow();

    assertEquals(Set.of(), inStore());
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertEquals(Set.of(), inApproval()));
    cleanedWithinSeconds();
  }

  private Set<String> inStore() throws SQLException {
    try (Connection database = system.storeDatabase()) {
      return Traces.holding(database, marker);
    }
  }

  private Set<String> inApproval() throws SQLException {
    try (Connection database = system.approvalDatabase()) {
      return Traces.holding(database, marker);
    }
  }

  /** Leaves the marker everywhere where a user's document, or what quotes it, ever comes. */
  private void settle(Agent agent, String document) {
    agent
        .person()
        .put(document, Map.of("rules", Map.of("ask", List.of("Bash(ls " + marker + ")"))), 0)
        .orThrow();
    String asked = system.newId();
    agent.answer(
        agent.ask(asked, bash("make " + marker)).promptId(), PromptOption.Kind.ALLOW_ALWAYS);
    assertEquals(DecidedBy.USER, agent.read(asked, 20).decision().decidedBy());
    String again = agent.ask(system.newId(), bash("make " + marker)).decision().decidedBy().name();
    assertEquals(DecidedBy.OVERRIDE.name(), again);
    String edited = agent.ask(system.newId(), bash("ls " + marker)).promptId();
    agent
        .person()
        .post(
            "/v1/prompts/" + edited + "/answer",
            Map.of(
                "optionId",
                "allow_once",
                "feedback",
                "rather " + marker,
                "editedInput",
                Map.of("command", "ls -a " + marker)))
        .orThrow();
    agent
        .self()
        .patch(
            document,
            Map.of("oldText", "\"level\": \"always\"", "newText", "\"level\": \"ask\""),
            20)
        .orThrow();
    assertEquals(
        202,
        agent
            .self()
            .patch(
                document,
                Map.of("oldText", "\"level\": \"ask\"", "newText", "\"level\": \"always\""))
            .status());
    long dead = Decisions.all(system.stack().bootstrapServers(), Topics.DEAD_LETTERS).size();
    produce(List.of(new ProducerRecord<>(Topics.REQUESTS, bytes("k"), bytes(marker))));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                Decisions.all(system.stack().bootstrapServers(), Topics.DEAD_LETTERS).size()
                    > dead);
  }

  /** Other traffic goes on meanwhile: a segment that is written to is never cleaned. */
  private void cleanedWithinSeconds() throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", system.stack().bootstrapServers()))) {
      alter(admin, ErasedEverywhereIT::shorten);
      try {
        Awaitility.await()
            .atMost(CLEANER)
            .pollInterval(Duration.ofSeconds(2))
            .untilAsserted(
                () -> {
                  produce(others());
                  assertEquals(List.of(), onTopics());
                });
      } finally {
        alter(admin, ErasedEverywhereIT::restore);
      }
    }
  }

  private List<String> onTopics() {
    return OnTopics.holding(system.stack().bootstrapServers(), marker);
  }

  private static List<ProducerRecord<byte[], byte[]>> others() {
    List<ProducerRecord<byte[], byte[]>> others = new ArrayList<>();
    for (String topic : Topics.COMPACTED) {
      for (int partition = 0; partition < TopicPlan.PARTITIONS; partition++) {
        others.add(new ProducerRecord<>(topic, partition, bytes("somebody-else"), null));
      }
    }
    return others;
  }

  private void produce(List<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", system.stack().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      records.forEach(producer::send);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> settings(String topic) {
    return Topics.COMPACTED.contains(topic)
        ? Map.of(
            "segment.ms", SECOND,
            "max.compaction.lag.ms", SECOND,
            "delete.retention.ms", SECOND,
            "min.cleanable.dirty.ratio", "0.01")
        : Map.of("segment.ms", SECOND, "retention.ms", SECOND);
  }

  private static AlterConfigOp shorten(String topic, ConfigEntry setting) {
    return new AlterConfigOp(setting, AlterConfigOp.OpType.SET);
  }

  /** As planned, or the broker's default where nothing is. */
  private static AlterConfigOp restore(String topic, ConfigEntry setting) {
    String planned = TopicPlan.of(topic).settings().get(setting.name());
    return new AlterConfigOp(
        new ConfigEntry(setting.name(), planned),
        planned == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET);
  }

  private static void alter(Admin admin, BiFunction<String, ConfigEntry, AlterConfigOp> how)
      throws ExecutionException, InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (String topic : Topics.ALL) {
      changes.put(
          new ConfigResource(ConfigResource.Type.TOPIC, topic),
          settings(topic).entrySet().stream()
              .map(e -> how.apply(topic, new ConfigEntry(e.getKey(), e.getValue())))
              .toList());
    }
    admin.incrementalAlterConfigs(changes).all().get();
  }
}
