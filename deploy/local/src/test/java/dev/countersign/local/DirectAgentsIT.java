package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.local.DirectExample.Result;
import dev.countersign.local.DirectExample.Run;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The examples of agents that speak Kafka themselves, each with a login of its own that may do no
 * more than it must.
 */
@Tag("full")
@Timeout(600)
class DirectAgentsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** All that canonical JSON writes in a way of its own, and what it must leave as it is. */
  private static final String AWKWARD =
      "touch 'tab\t line\n escape\u001b deletes\u007f\u007f \"quote\" slash\\u007f é 😀 \u2028'";

  private static final RuleSet RULES =
      new RuleSet(List.of("Bash(echo *)"), null, List.of("Bash(touch denied)"));

  private static SecuredStack stack;

  @BeforeAll
  static void start() {
    stack = new SecuredStack(Stream.of(DirectExample.values()).map(DirectExample::client).toList());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Agent agentOf(DirectExample example) {
    assumeTrue(
        example.missing().isEmpty(),
        () -> "%s skipped: this machine lacks %s".formatted(example, example.missing().get()));
    return stack.newAgent(example.client(), Map.of("project", RULES));
  }

  private static Run start(DirectExample example, Agent agent, String command) {
    return example.start(command, stack.environment(agent, stack.login(example.client())));
  }

  @ParameterizedTest
  @EnumSource
  void whatARuleAllowsMayRunAsItWasAsked(DirectExample example) {
    Result result = start(example, agentOf(example), "echo allowed").result();

    assertEquals(decision("allow", "rule", "allowed", "echo allowed"), result.decision());
    assertEquals(0, result.exit(), result::toString);
  }

  @ParameterizedTest
  @EnumSource
  void whatARuleDeniesMayNot(DirectExample example) {
    Result result = start(example, agentOf(example), "touch denied").result();

    assertEquals(decision("deny", "rule", "denied", null), result.decision());
    assertEquals(1, result.exit(), result::toString);
  }

  /** Two processes of one client, as agents on two terminals: each hears the answer to its own. */
  @ParameterizedTest
  @EnumSource
  void twoAtOnceEachHearWhatThePersonAnswersThem(DirectExample example) {
    Agent agent = agentOf(example);
    Run first = start(example, agent, AWKWARD);
    PromptState asked = prompt(agent, AWKWARD);
    Run second = start(example, agent, "touch second");
    PromptState askedToo = prompt(agent, "touch second");

    agent
        .person()
        .post(
            "/v1/prompts/" + askedToo.promptId() + "/answer",
            Map.of("optionId", "allow_once", "editedInput", Map.of("command", "touch edited")))
        .orThrow();
    assertEquals(decision("allow", "user", "allowed", "touch edited"), second.result().decision());
    assertTrue(first.isAlive(), () -> "took the answer to another: " + first.result());
    agent.answer(asked.promptId(), PromptOption.Kind.ALLOW_ONCE).orThrow();

    Result result = first.result();
    assertEquals(decision("allow", "user", "allowed", AWKWARD), result.decision());
    assertEquals(0, result.exit(), result::toString);
  }

  /** Replies about something else are on the topic before the one that is about this call. */
  @ParameterizedTest
  @EnumSource
  void repliesThatAreNotAboutExactlyThisCallArePassedOver(DirectExample example) {
    Agent agent = agentOf(example);
    Run run = start(example, agent, "touch declined");
    PromptState asked = prompt(agent, "touch declined");

    ForeignReplies foreign = new ForeignReplies(stack, example.client(), asked);
    foreign.ofAnotherSession(agentOf(example), "echo other");
    foreign.forged();
    agent.answer(asked.promptId(), PromptOption.Kind.REJECT_ONCE).orThrow();

    Result result = run.result();
    assertEquals(decision("deny", "user", "denied", null), result.decision());
    assertEquals(1, result.exit(), result::toString);
  }

  /** It is about this call and of no use: the program does not wait for a better one. */
  @ParameterizedTest
  @EnumSource
  void anAllowThatNoLongerHoldsAndAnUnknownEffectAreDenials(DirectExample example) {
    for (var change :
        List.of(Map.of("validUntil", "2026-01-01T00:00:00.125Z"), Map.of("effect", "perhaps"))) {
      Agent agent = agentOf(example);
      Run run = start(example, agent, "touch late");
      PromptState asked = prompt(agent, "touch late");
      new ForeignReplies(stack, example.client(), asked).with(change);

      Result result = run.result();
      assertEquals(decision("deny", "client", "unusable", null), result.decision());
      assertEquals(1, result.exit(), result::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongPasswordIsSaidInOneLineWithoutIt(DirectExample example) {
    Agent agent = agentOf(example);
    Map<String, String> login = new HashMap<>(stack.login(example.client()));
    login.put(SecuredStack.PASSWORD, "wrong-password");

    Result result = example.start("ls", stack.environment(agent, login)).result();

    assertEquals(2, result.exit(), result::toString);
    assertEquals("", result.out());
    assertEquals(1, result.err().lines().count(), result::err);
    assertTrue(result.err().matches("(?is)ask\\S+: .*authentication.*"), result::err);
    assertFalse(result.err().contains("wrong-password"), result::err);
    assertFalse(result.err().contains(agent.sessionToken()), result::err);
  }

  /** All of them at once, as each waits until its deadline. */
  @Test
  void aReplyThatNeverComesIsADenialAtTheDeadlineAndTheRequestIsCancelled() {
    Map<DirectExample, Agent> agents = new HashMap<>();
    Map<DirectExample, Run> runs = new HashMap<>();
    for (DirectExample example : DirectExample.values()) {
      if (example.missing().isEmpty()) {
        agents.put(example, agentOf(example));
      }
    }
    stack.pauseApproval();
    try {
      agents.forEach(
          (example, agent) -> {
            Map<String, String> environment =
                new HashMap<>(stack.environment(agent, stack.login(example.client())));
            environment.put("COUNTERSIGN_WAIT_SECONDS", "2");
            runs.put(example, example.start("touch never", environment));
          });
      runs.forEach(
          (example, run) -> {
            Result result = run.result();
            assertEquals(decision("deny", "client", "no_reply", null), result.decision());
            assertEquals(1, result.exit(), () -> example + ": " + result);
          });
    } finally {
      stack.resumeApproval();
    }
    agents.values().forEach(DirectAgentsIT::assertWithdrawn);
  }

  /** What it gave up is told to the service, and no person is left with it. */
  private static void assertWithdrawn(Agent agent) {
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
    // The deadline has passed by the time both are read: whichever comes first denies.
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

  private static PromptState prompt(Agent agent, String command) {
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

  private static JsonNode decision(String effect, String decidedBy, String code, String command) {
    Map<String, Object> decision =
        new HashMap<>(Map.of("effect", effect, "decidedBy", decidedBy, "code", code));
    if (command != null) {
      decision.put("input", Map.of("command", command));
    }
    return Json.mapper().valueToTree(decision);
  }
}
