package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.RuleSet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of the approval service at the worst moments. */
@Tag("full")
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class ApprovalCrashIT {
  private final SystemFixture system;

  ApprovalCrashIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void whileAPromptIsOpen() {
    Agent agent = system.newAgent();
    String id = system.newId();
    String promptId = agent.ask(id, bash("git push origin main")).promptId();
    assertNotNull(promptId);

    killApproval();
    system.startAgain(ServiceName.APPROVAL);

    assertEquals(1, agent.prompts().size());
    agent.answer(promptId, PromptOption.Kind.ALLOW_ONCE).orThrow();
    PermissionReply decision = theOne(agent, id);
    assertEquals(Effect.ALLOW, decision.effect());
    assertEquals(DecidedBy.USER, decision.decidedBy());
    assertEquals(agent.user(), decision.user());
  }

  @Test
  void afterTheCommitOfADecisionAndBeforeItsReply() throws Exception {
    Agent agent =
        system.newAgent(Map.of("project", new RuleSet(List.of("Bash(npm run *)"), null, null)));
    String id = system.newId();
    CompletableFuture<Agent.Status> asked;
    Instant killed;
    try (HeldLock lock = HeldLock.onTable(system.approvalDatabase(), "request")) {
      asked = CompletableFuture.supplyAsync(() -> agent.ask(id, bash("npm run build")));
      lock.awaitWaiter("WITH incoming");
      system.kafkaLink().freeze();
      lock.release();
      awaitDecidedRow(id);
    } finally {
      killed = killAndStartAgain();
    }

    PermissionReply decision = theOne(agent, id);
    assertEquals(Effect.ALLOW, decision.effect());
    assertEquals(DecidedBy.RULE, decision.decidedBy());
    assertTrue(decision.decidedAt().isBefore(killed), "the stored one, not a second evaluation");
    asked.exceptionally(e -> null).join();
  }

  @Test
  void betweenAnAnswerAndItsReply() throws Exception {
    Agent agent = system.newAgent();
    String id = system.newId();
    String promptId = agent.ask(id, bash("git push origin main")).promptId();
    CompletableFuture<Gateway.Reply> answered;
    Instant killed;
    try (HeldLock lock =
        HeldLock.onRows(
            system.approvalDatabase(), "SELECT 1 FROM request WHERE request_id = '" + id + "'")) {
      answered =
          CompletableFuture.supplyAsync(
              () -> agent.answer(promptId, PromptOption.Kind.REJECT_ONCE));
      lock.awaitWaiter("request");
      system.kafkaLink().freeze();
      lock.release();
      awaitDecidedRow(id);
    } finally {
      killed = killAndStartAgain();
    }

    PermissionReply decision = theOne(agent, id);
    assertEquals(Effect.DENY, decision.effect());
    assertEquals(agent.user(), decision.user());
    assertTrue(decision.decidedAt().isBefore(killed));
    Gateway.Reply late = agent.answerBlindly(promptId, "allow_once");
    assertEquals(409, late.status(), () -> late.body().toString());
    assertEquals("already_decided", late.body().path("code").asText());
    answered.exceptionally(e -> null).join();
  }

  @Test
  void whileTheDeadlinePasses() throws SQLException {
    Agent agent = system.newAgent();
    String id = system.newId();
    assertNotNull(agent.ask(id, bash("git push --tags"), 600_000L).promptId());

    killApproval();
    try (Connection connection = system.approvalDatabase();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE request SET deadline = clock_timestamp() WHERE request_id = '" + id + "'");
    }
    system.startAgain(ServiceName.APPROVAL);

    PermissionReply decision = theOne(agent, id);
    assertEquals(Effect.DENY, decision.effect());
    assertEquals(DecidedBy.TIMEOUT, decision.decidedBy());
    assertEquals("timeout", decision.code());
    assertTrue(agent.prompts().isEmpty());
  }

  private PermissionReply theOne(Agent agent, String requestId) {
    return Decisions.theOne(agent, requestId, system.stack().bootstrapServers());
  }

  /**
   * Kills it with what it still had to send.
   *
   * @return when it was dead
   */
  private Instant killAndStartAgain() {
    killApproval();
    system.kafkaLink().cut();
    system.kafkaLink().resume();
    Instant killed = Instant.now();
    system.startAgain(ServiceName.APPROVAL);
    return killed;
  }

  private void killApproval() {
    system.stack().service(ServiceName.APPROVAL).kill();
  }

  private void awaitDecidedRow(String requestId) throws SQLException {
    try (Connection connection = system.approvalDatabase();
        Statement statement = connection.createStatement()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                try (ResultSet rows =
                    statement.executeQuery(
                        "SELECT count(*) FROM request WHERE state = 'decided' AND request_id = '"
                            + requestId
                            + "'")) {
                  rows.next();
                  return rows.getInt(1) == 1;
                }
              });
    }
  }
}
