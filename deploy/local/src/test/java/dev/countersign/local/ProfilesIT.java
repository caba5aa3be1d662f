package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A profile of a person's own, from its first writing to its deletion, through the gateway. */
@Timeout(120)
@ExtendWith(SystemFixture.Provider.class)
class ProfilesIT {
  private final SystemFixture system;

  ProfilesIT(SystemFixture system) {
    this.system = system;
  }

  private static ToolCall call(String tool, Map<String, ?> input) {
    return new ToolCall(tool, Json.mapper().valueToTree(input), "/proj", "/home/u", null, null);
  }

  @Test
  void aSessionFollowsItsProfile() {
    Agent agent = system.newAgent(Map.of("permissionMode", "acceptEdits"));
    String name = "docs-" + agent.user();
    Map<String, Object> profile =
        Map.of("schemaVersion", 1, "base", "workspace", "writableRoots", List.of("/proj/docs"));
    Map<String, Object> settings =
        Map.of("profile", "custom(" + name + ")", "workspaceRoots", List.of("/proj"));
    assertEquals(400, patch(agent, settings).status(), "there is no such profile yet");
    assertEquals(201, agent.person().put("/v1/profiles/" + name, profile).status());
    assertEquals(200, patch(agent, settings).status());
    String facts =
        agent
            .person()
            .get("/v1/sessions/" + agent.sessionId() + "/capabilities")
            .orThrow()
            .path("facts")
            .toString();
    assertTrue(facts.contains("Changing files inside /proj/docs is allowed"), facts);

    ToolCall edit = call("Write", Map.of("file_path", "/proj/docs/a", "content", "x"));
    ToolCall outside = call("Write", Map.of("file_path", "/proj/src/a", "content", "x"));
    Agent.Status allowed = agent.ask("docs", edit, 20_000L);
    assertEquals(DecidedBy.MODE, allowed.decision().decidedBy());
    assertTrue(agent.ask("src", outside, 20_000L).promptId() != null);

    Map<String, Object> wider =
        Map.of("schemaVersion", 1, "base", "workspace", "writableRoots", List.of("/proj"));
    assertEquals(200, agent.person().put("/v1/profiles/" + name, wider, 1).status());
    Gateway own = new Gateway(system.url(), agent.sessionToken());
    JsonNode settled = own.get("/v1/requests/src", 20).orThrow();
    assertEquals("allow mode", text(settled, "effect") + " " + text(settled, "decidedBy"));

    assertEquals(204, agent.person().delete("/v1/profiles/" + name).status());
    assertTrue(agent.ask("gone", edit, 20_000L).promptId() != null);
  }

  @Test
  void whatRunsInTheBackgroundIsSeenUntilItEnded() {
    Agent agent = system.newAgent(Map.of("workspaceRoots", List.of("/proj")));
    ToolCall listing = call("Bash", Map.of("command", "ls", "run_in_background", true));
    assertEquals(Effect.ALLOW, agent.ask("b1", listing, 20_000L).decision().effect());
    assertEquals(List.of("b1"), running(agent));
    Gateway own = new Gateway(system.url(), agent.sessionToken());
    assertEquals(403, agent.person().post("/v1/requests/b1/finished", Map.of()).status());
    assertEquals(404, own.post("/v1/requests/b2/finished", Map.of()).status());
    assertEquals(202, own.post("/v1/requests/b1/finished", Map.of("result", "failed")).status());
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> running(agent).isEmpty());
  }

  private static String text(JsonNode json, String field) {
    return json.path(field).asText();
  }

  private static Gateway.Reply patch(Agent agent, Map<String, ?> settings) {
    return agent.person().patch("/v1/sessions/" + agent.sessionId(), settings);
  }

  private static List<String> running(Agent agent) {
    JsonNode running =
        agent.person().get("/v1/sessions/" + agent.sessionId()).orThrow().path("running");
    return running.findValuesAsText("requestId");
  }
}
