package dev.countersign.local;

import static dev.countersign.local.DocumentEditsIT.askedBeforePushes;
import static dev.countersign.local.DocumentEditsIT.document;
import static dev.countersign.local.DocumentEditsIT.level;
import static dev.countersign.local.DocumentEditsIT.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of the approval service while an edit waits to be stored. */
@Tag("full")
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class DocumentEditCrashIT {
  private final SystemFixture system;

  DocumentEditCrashIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void anEditThatAPersonAllowedIsStoredOnce() throws Exception {
    Agent agent = askedBeforePushes(system, Map.of());
    String id =
        agent
            .self()
            .patch(document(agent), level("ask", "always"))
            .orThrow()
            .path("requestId")
            .asText();
    String promptId = agent.prompts().get(0).promptId();
    kill(ServiceName.STORE);
    CompletableFuture<Gateway.Reply> answered =
        CompletableFuture.supplyAsync(() -> agent.answer(promptId, PromptOption.Kind.ALLOW_ONCE));
    awaitSettling(agent);
    killedWhileSettling();

    PermissionReply decision = Decisions.theOne(agent, id, system.stack().bootstrapServers());
    assertEquals(Effect.ALLOW, decision.effect(), decision::toString);
    assertEquals(agent.user(), decision.user());
    storedOnce(agent, "always", "prompt");
    answered.exceptionally(e -> null).join();
  }

  @Test
  void anEditThatOnlyTightensIsStoredOnce() throws Exception {
    Agent agent = askedBeforePushes(system, Map.of());
    kill(ServiceName.STORE);
    CompletableFuture<Agent.Status> asked = new CompletableFuture<>();
    String id = system.newId();
    CompletableFuture.runAsync(
        () ->
            asked.complete(
                agent.ask(id, SystemFixture.call("edit_permissions", level("ask", "never")))));
    awaitSettling(agent);
    killedWhileSettling();

    PermissionReply decision = Decisions.theOne(agent, id, system.stack().bootstrapServers());
    assertEquals(Effect.ALLOW, decision.effect(), decision::toString);
    storedOnce(agent, "never", "agent");
    asked.cancel(true);
  }

  private void kill(ServiceName service) {
    system.stack().service(service).kill();
  }

  private void killedWhileSettling() {
    kill(ServiceName.APPROVAL);
    system.startAgain(ServiceName.STORE);
    // Two services take their time to start where many others run.
    system.startAgain(ServiceName.APPROVAL, Map.of("COUNTERSIGN_OVERRIDE_TIMEOUT", "180s"));
  }

  /** The document changed twice: by the person at first, and by the edit. */
  private void storedOnce(Agent agent, String level, String via) throws SQLException {
    assertEquals(level, stored(agent));
    try (Connection connection = system.storeDatabase();
        Statement statement = connection.createStatement();
        ResultSet lines =
            statement.executeQuery(
                "SELECT count(*), max(version), max(via) FILTER (WHERE version = 2),"
                    + " max(session_id) FROM permission_history WHERE user_id = '"
                    + agent.user()
                    + "'")) {
      lines.next();
      assertEquals(2, lines.getInt(1));
      assertEquals(2, lines.getLong(2));
      assertEquals(via, lines.getString(3));
      assertEquals(agent.sessionId(), lines.getString(4));
    }
  }

  private void awaitSettling(Agent agent) throws SQLException {
    try (Connection connection = system.approvalDatabase();
        Statement statement = connection.createStatement()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                try (ResultSet rows =
                    statement.executeQuery(
                        "SELECT count(*) FROM request WHERE state = 'settling' AND session_id = '"
                            + agent.sessionId()
                            + "'")) {
                  rows.next();
                  return rows.getInt(1) == 1;
                }
              });
    }
  }
}
