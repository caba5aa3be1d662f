package dev.countersign.local;

import static dev.countersign.local.SystemFixture.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.FreePorts;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator's tools: they take effect at the next start, and touch nothing that users settled.
 */
@Tag("full")
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class ToolsFileIT {
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final List<ServiceName> READERS = List.of(ServiceName.STORE, ServiceName.APPROVAL);

  private final SystemFixture system;
  @TempDir Path folder;

  ToolsFileIT(SystemFixture system) {
    this.system = system;
  }

  private void restart(Map<String, String> environment) {
    READERS.forEach(service -> system.stack().service(service).stop(STOP));
    READERS.forEach(service -> system.startAgain(service, environment));
  }

  private Map<String, String> file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("tools.txt"), text);
    return Map.of("COUNTERSIGN_TOOLS_FILE", file.toString());
  }

  @Test
  void aNewToolGetsItsDefaultAndNoStoredDocumentChanges() throws Exception {
    Agent agent = system.newAgent();
    Agent never = system.newAgent();
    String override = "/overrides/mcp__books__query";
    agent.person().put(path(agent) + "/overrides/Bash", Map.of("level", "ask")).orThrow();
    never.person().put(path(never) + override, Map.of("level", "never")).orThrow();
    assertTrue(ask(agent, "mcp__books__query").promptId() != null, "unknown tools ask");
    Projection.await(system, agent.user(), 1);
    Projection.await(system, never.user(), 1);
    List<String> documents = documents();

    restart(
        file(
            """
            [mcp__books] The bookkeeping server
            mcp__books__query  other  -  always  | Asks the books
            mcp__books__close  other  -  never   | Closes the year
            """));
    try {
      assertDecided(Effect.ALLOW, DecidedBy.DEFAULT, agent, "mcp__books__query");
      assertDecided(Effect.DENY, DecidedBy.DEFAULT, agent, "mcp__books__close");
      assertDecided(Effect.DENY, DecidedBy.OVERRIDE, never, "mcp__books__query");
      assertEquals("default", settled(agent, "mcp__books__query").path("source").asText());
      assertEquals("never", settled(never, "mcp__books__query").path("level").asText());
      assertEquals("override", settled(agent, "Bash").path("source").asText());
      assertEquals(documents, documents());
      agent.person().put(path(agent) + override, Map.of("level", "ask")).orThrow();
      Projection.await(system, agent.user(), 2);
      assertTrue(ask(agent, "mcp__books__query").promptId() != null, "the user's word counts");
    } finally {
      restart(Map.of());
    }
    assertEquals(404, agent.person().get("/v1/tools/mcp__books__close").status());
  }

  @Test
  void aFileWithErrorsRefusesTheStartAndEveryLineIsNamed() throws Exception {
    Map<String, String> broken = file("[ours] Ours\nBash think - always\na_tool oter - - | A\n");
    for (ServiceName service : READERS) {
      Child child =
          system
              .stack()
              .startReplica(service, service.label() + "-broken", FreePorts.next(), broken);
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !child.isAlive());
      String log = Files.readString(child.log());
      assertTrue(log.contains("line 2: kind, rules and fields of a shipped tool stay"), log);
      assertTrue(log.contains("line 3: \"oter\" is no kind"), log);
      assertFalse(log.contains("Listening on"), log);
    }
  }

  private static String path(Agent agent) {
    return "/v1/users/" + agent.user();
  }

  private Agent.Status ask(Agent agent, String tool) {
    return agent.ask(system.newId(), call(tool, Map.of("q", "x")));
  }

  private void assertDecided(Effect effect, DecidedBy by, Agent agent, String tool) {
    PermissionReply decision = ask(agent, tool).decision();
    assertEquals(effect, decision.effect());
    assertEquals(by, decision.decidedBy());
  }

  private static JsonNode settled(Agent agent, String tool) {
    JsonNode listing = agent.person().get(path(agent) + "/tools").orThrow();
    for (JsonNode group : listing.path("tools")) {
      for (JsonNode one : group.path("subTools")) {
        if (one.path("name").asText().equals(tool)) {
          return one;
        }
      }
    }
    throw new AssertionError(tool + " is not in " + listing);
  }

  /** Every stored document as it stands in the database, with its version and its time. */
  private List<String> documents() throws SQLException {
    List<String> documents = new ArrayList<>();
    try (Connection connection = system.storeDatabase();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT user_id, version, updated_at, document FROM user_permissions ORDER BY 1")) {
      while (rows.next()) {
        documents.add(
            rows.getString(1)
                + " "
                + rows.getLong(2)
                + " "
                + rows.getTimestamp(3)
                + " "
                + rows.getString(4));
      }
    }
    return documents;
  }
}
