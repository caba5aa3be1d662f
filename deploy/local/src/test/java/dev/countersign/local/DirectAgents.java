package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.embedded.Folders;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.awaitility.Awaitility;

/** A stack with a login for each example of a direct agent, and what it knows of their requests. */
final class DirectAgents implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final RuleSet RULES =
      new RuleSet(List.of("Bash(echo *)"), null, List.of("Bash(touch denied)"));

  private final Path folder = Folders.temporary("direct-agents");
  private final SecuredStack stack =
      new SecuredStack(Stream.of(DirectExample.values()).map(DirectExample::client).toList());

  SecuredStack stack() {
    return stack;
  }

  /** A new session for it; skips the test where this machine cannot run it. */
  Agent agentOf(DirectExample example) {
    assumeTrue(
        example.missing().isEmpty(),
        () -> "%s skipped: this machine lacks %s".formatted(example, example.missing().get()));
    return stack.newAgent(example.client(), Map.of("project", RULES));
  }

  DirectRun start(DirectExample example, Agent agent, String command) {
    return start(example, agent, Map.of(), command);
  }

  /**
   * @param variables what is different in its environment
   */
  DirectRun start(
      DirectExample example, Agent agent, Map<String, String> variables, String command) {
    Map<String, String> environment =
        new HashMap<>(stack.environment(agent, stack.login(example.client())));
    environment.putAll(variables);
    return example.start(folder, environment, command);
  }

  /** With another password in the file of its login. */
  DirectRun startWithPassword(DirectExample example, Agent agent, String password, String command) {
    Map<String, String> login = new HashMap<>(stack.login(example.client()));
    login.put(SecuredStack.PASSWORD, password);
    return example.start(folder, stack.environment(agent, login), command);
  }

  /** Waits until a person is asked about a command. */
  PromptState prompt(Agent agent, String command) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                agent.prompts().stream()
                    .filter(
                        prompt ->
                            command.equals(prompt.toolCall().input().path("command").asText()))
                    .toList(),
            prompts -> prompts.size() == 1)
        .get(0);
  }

  /** What it gave up is told to the service, and no person is left with it. */
  void assertWithdrawn(Agent agent) {
    Map<String, String> records = new LinkedHashMap<>();
    for (var record : Decisions.all(stack.admin(), Topics.REQUESTS)) {
      if (agent.sessionId().equals(record.key())) {
        records.put(type(record), Json.readTree(record.value()).path("requestId").asText());
        assertEquals(partition(agent.sessionId()), record.partition(), agent::sessionId);
      }
    }
    String id = records.get(EventType.PERMISSION_REQUESTED.ceType());
    assertEquals(
        Map.of(
            EventType.PERMISSION_REQUESTED.ceType(), id,
            EventType.PERMISSION_CANCELLED.ceType(), id),
        records);
    PermissionReply decision =
        Awaitility.await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(() -> agent.read(id, 5).decision(), decided -> decided != null);
    // The deadline may have passed by the time both are read: whichever comes first denies.
    assertEquals(Effect.DENY, decision.effect(), decision::toString);
    assertEquals(List.of(), Decisions.all(stack.admin(), Topics.DEAD_LETTERS));
  }

  private static String type(ConsumerRecord<String, byte[]> record) {
    var type = record.headers().lastHeader(Headers.CE_TYPE);
    return type == null
        ? EventType.PERMISSION_REQUESTED.ceType()
        : new String(type.value(), StandardCharsets.UTF_8);
  }

  /** Where the gateway's requests of the session are too. */
  private static int partition(String sessionId) {
    return BuiltInPartitioner.partitionForKey(
        sessionId.getBytes(StandardCharsets.UTF_8), TopicPlan.PARTITIONS);
  }

  @Override
  public void close() {
    stack.close();
    Folders.delete(folder);
  }
}
