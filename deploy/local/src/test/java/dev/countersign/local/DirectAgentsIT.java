package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.countersign.local.DirectRun.Result;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  /** All that canonical JSON writes in a way of its own, and what it must leave as it is. */
  private static final String AWKWARD =
      "touch 'tab\t line\n escape\u001b deletes\u007f\u007f \"quote\" slash\\u007f é 😀 \u2028'";

  private static final String AWKWARD_PASSWORD = "back\\slash \"quoted\" =;";

  private static DirectAgents direct;

  @BeforeAll
  static void start() {
    direct = new DirectAgents();
  }

  @AfterAll
  static void stop() {
    direct.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatARuleAllowsMayRunAsItWasAsked(DirectExample example) {
    DirectRun run = direct.start(example, direct.agentOf(example), "echo allowed");

    run.result().assertAllowed("rule", "echo allowed");
  }

  @ParameterizedTest
  @EnumSource
  void whatARuleDeniesMayNot(DirectExample example) {
    DirectRun run = direct.start(example, direct.agentOf(example), "touch denied");

    run.result().assertDenied("rule", "denied");
  }

  /** Two processes of one client, as agents on two terminals: each hears the answer to its own. */
  @ParameterizedTest
  @EnumSource
  void twoAtOnceEachHearWhatThePersonAnswersThem(DirectExample example) {
    Agent agent = direct.agentOf(example);
    DirectRun first = direct.start(example, agent, AWKWARD);
    PromptState asked = direct.prompt(agent, AWKWARD);
    DirectRun second = direct.start(example, agent, "touch second");
    PromptState askedToo = direct.prompt(agent, "touch second");

    agent
        .person()
        .post(
            "/v1/prompts/" + askedToo.promptId() + "/answer",
            Map.of("optionId", "allow_once", "editedInput", Map.of("command", "touch edited")))
        .orThrow();
    second.result().assertAllowed("user", "touch edited");
    assertTrue(first.isAlive(), () -> "took the answer to another: " + first.result());
    agent.answer(asked.promptId(), PromptOption.Kind.ALLOW_ONCE).orThrow();

    first.result().assertAllowed("user", AWKWARD);
  }

  /** Replies about something else are on the topic before the one that is about this call. */
  @ParameterizedTest
  @EnumSource
  void repliesThatAreNotAboutExactlyThisCallArePassedOver(DirectExample example) {
    Agent agent = direct.agentOf(example);
    DirectRun run = direct.start(example, agent, "touch declined");
    PromptState asked = direct.prompt(agent, "touch declined");

    ForeignReplies foreign = new ForeignReplies(direct.stack(), example.client(), asked);
    foreign.ofAnotherSession(direct.agentOf(example), "echo other");
    foreign.forged();
    agent.answer(asked.promptId(), PromptOption.Kind.REJECT_ONCE).orThrow();

    run.result().assertDenied("user", "denied");
  }

  /** It is about this call and of no use: the program does not wait for a better one. */
  @ParameterizedTest
  @EnumSource
  void anAllowThatDoesNotHoldAndWhatCannotBeReadAreDenials(DirectExample example) {
    var passed = OffsetDateTime.now(ZoneOffset.ofHours(5)).minusMinutes(5).toString();
    for (var change :
        List.of(
            Map.of("validUntil", "2026-01-01T00:00:00.125Z"),
            Map.of("validUntil", passed),
            Map.of("validUntil", "tomorrow"),
            Map.of("validUntil", List.of("2999-01-01")),
            Collections.singletonMap("validUntil", null),
            Map.of("effect", "perhaps"),
            Map.of("editedInput", false),
            Map.of("editedInput", List.of()))) {
      assertDoesNotThrow(
          () -> forged(example, change).assertDenied("client", "unusable"), change::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAllowWhoseEditIsNullIsForWhatWasAsked(DirectExample example) {
    forged(example, Map.of("editedInput", NullNode.getInstance()))
        .assertAllowed("rule", "touch asked");
  }

  /** How it ends when the reply to it is an allow with these changes. */
  private static Result forged(DirectExample example, Map<String, ?> changes) {
    Agent agent = direct.agentOf(example);
    DirectRun run = direct.start(example, agent, "touch asked");
    PromptState asked = direct.prompt(agent, "touch asked");
    new ForeignReplies(direct.stack(), example.client(), asked).with(changes);
    return run.result();
  }

  @ParameterizedTest
  @EnumSource
  void aPasswordIsTakenAsItStands(DirectExample example) {
    Agent agent = direct.agentOf(example);
    direct.stack().changePassword(example.client(), AWKWARD_PASSWORD);
    try {
      Awaitility.await()
          .atMost(DirectAgents.PATIENCE)
          .untilAsserted(
              () ->
                  direct
                      .startWithPassword(example, agent, AWKWARD_PASSWORD, "echo x")
                      .result()
                      .assertAllowed("rule", "echo x"));
    } finally {
      direct.stack().restorePasswords();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongPasswordIsSaidInOneLineWithoutIt(DirectExample example) {
    Agent agent = direct.agentOf(example);

    Result result = direct.startWithPassword(example, agent, AWKWARD_PASSWORD, "ls").result();

    result.assertFailed("authentication");
    assertFalse(result.err().contains("quoted"), result::err);
    assertFalse(result.err().contains(agent.sessionToken()), result::err);
  }

  /** Nobody is asked for a program that no longer waits, and nothing that it started stays. */
  @ParameterizedTest
  @EnumSource
  void whoeverIsStoppedCancels(DirectExample example) {
    Agent agent = direct.agentOf(example);
    DirectRun run = direct.start(example, agent, "touch stopped");
    direct.prompt(agent, "touch stopped");
    Awaitility.await().atMost(DirectAgents.PATIENCE).until(run::isReading);
    List<ProcessHandle> started = run.process().descendants().toList();

    run.process().destroy();

    Result result = run.result();
    assertTrue(Set.of(2, 128 + 15).contains(result.exit()), result::toString);
    assertEquals("", result.out());
    Awaitility.await()
        .atMost(DirectAgents.PATIENCE)
        .until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
    direct.assertWithdrawn(agent);
  }

  /** All of them at once, as each waits until its deadline. */
  @Test
  void aReplyThatNeverComesIsADenialAtTheDeadlineAndTheRequestIsCancelled() {
    Map<DirectExample, Agent> agents = new HashMap<>();
    Map<DirectExample, DirectRun> runs = new HashMap<>();
    for (DirectExample example : DirectExample.values()) {
      if (example.missing().isEmpty()) {
        agents.put(example, direct.agentOf(example));
      }
    }
    direct.stack().pauseApproval();
    try {
      agents.forEach(
          (example, agent) -> {
            var wait = Map.of("COUNTERSIGN_WAIT_SECONDS", "2");
            runs.put(example, direct.start(example, agent, wait, "touch never"));
          });
      runs.forEach((example, run) -> run.result().assertDenied("client", "no_reply"));
    } finally {
      direct.stack().resumeApproval();
    }
    agents.values().forEach(direct::assertWithdrawn);
  }
}
