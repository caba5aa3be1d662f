package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of the permission store in the middle of an "always". */
@Tag("full")
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class StoreCrashIT {
  private final SystemFixture system;

  StoreCrashIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void beforeItHasTheCommand() {
    Agent agent = system.newAgent();
    String id = system.newId();
    String promptId = agent.ask(id, bash("docker compose up")).promptId();
    killStore();
    CompletableFuture<Gateway.Reply> answered = always(agent, promptId);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("settling"));
    system.startAgain(ServiceName.STORE);

    allowedAndNeverAskedAgain(agent, id);
    answered.exceptionally(e -> null).join();
  }

  @Test
  void afterItsCommitAndBeforeItsReply() throws Exception {
    Agent agent = system.newAgent();
    String id = system.newId();
    String promptId = agent.ask(id, bash("docker compose up")).promptId();
    CompletableFuture<Gateway.Reply> answered;
    try (HeldLock lock = HeldLock.onTable(system.storeDatabase(), "command_result")) {
      answered = always(agent, promptId);
      lock.awaitWaiter("command_result");
      system.kafkaLink().freeze();
      lock.release();
      try (Connection connection = system.storeDatabase();
          Statement statement = connection.createStatement()) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> {
                  try (ResultSet rows =
                      statement.executeQuery(
                          "SELECT count(*) FROM command_result WHERE user_id = '"
                              + agent.user()
                              + "'")) {
                    rows.next();
                    return rows.getInt(1) == 1;
                  }
                });
      }
    } finally {
      killStore();
      system.kafkaLink().cut();
      system.kafkaLink().resume();
      system.startAgain(ServiceName.STORE);
    }

    allowedAndNeverAskedAgain(agent, id);
    assertEquals(
        1,
        agent
            .person()
            .get("/v1/users/" + agent.user() + "/permissions")
            .orThrow()
            .path("tools")
            .path("Bash")
            .path("resources")
            .size());
    answered.exceptionally(e -> null).join();
  }

  private void allowedAndNeverAskedAgain(Agent agent, String id) {
    PermissionReply decision = Decisions.theOne(agent, id, system.stack().bootstrapServers());
    assertEquals(Effect.ALLOW, decision.effect(), decision::toString);
    assertEquals(DecidedBy.USER, decision.decidedBy());
    PermissionReply next = agent.ask(system.newId(), bash("docker compose up")).decision();
    assertEquals(DecidedBy.OVERRIDE, next.decidedBy());
  }

  private static CompletableFuture<Gateway.Reply> always(Agent agent, String promptId) {
    return CompletableFuture.supplyAsync(
        () -> agent.answer(promptId, PromptOption.Kind.ALLOW_ALWAYS));
  }

  private void killStore() {
    system.stack().service(ServiceName.STORE).kill();
  }

  private String state(String requestId) throws SQLException {
    try (Connection connection = system.approvalDatabase();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT state FROM request WHERE request_id = '" + requestId + "'")) {
      return rows.next() ? rows.getString(1) : "";
    }
  }
}
