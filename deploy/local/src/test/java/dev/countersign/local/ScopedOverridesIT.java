package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.PermissionReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a person settles for a while, through the whole stack. */
@ExtendWith(SystemFixture.Provider.class)
class ScopedOverridesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SystemFixture system;

  ScopedOverridesIT(SystemFixture system) {
    this.system = system;
  }

  private static String path(Agent agent, String rest) {
    return "/v1/users/" + agent.user() + rest;
  }

  private static Gateway.Reply settle(Agent agent, String resource, Map<String, ?> body) {
    return agent.person().put(path(agent, "/overrides/Bash/" + resource), body);
  }

  private DecidedBy decidedBy(Agent agent, String command) {
    PermissionReply decision = agent.ask(system.newId(), bash(command)).decision();
    return decision == null ? null : decision.decidedBy();
  }

  @Test
  void aCountedOverrideSettlesThatManyCallsAndIsInTheHistory() {
    Agent agent = system.newAgent();
    Agent beside = system.newAgentOfTheSameUser(agent);
    assertEquals(200, settle(agent, "make%20*", Map.of("level", "always", "uses", 2)).status());
    assertEquals(DecidedBy.GRANT, decidedBy(agent, "make a"));
    assertEquals(DecidedBy.GRANT, decidedBy(beside, "make b"));
    assertNull(decidedBy(agent, "make c"));
    JsonNode grants = agent.person().get(path(agent, "/grants?state=dead")).orThrow();
    assertEquals("used_up", grants.at("/grants/0/state").asText());
    JsonNode history = agent.person().get(path(agent, "/permissions/history")).orThrow();
    assertEquals(
        List.of("grant_ended", "grant_given"), history.path("entries").findValuesAsText("action"));
    assertEquals("used_up", history.at("/entries/0/note").asText());
  }

  @Test
  void anOverrideForASessionHoldsInNoOther() {
    Agent agent = system.newAgent();
    Agent beside = system.newAgentOfTheSameUser(agent);
    Map<String, String> session = Map.of("level", "always", "session", agent.sessionId());
    assertEquals(200, settle(agent, "make%20*", session).status());
    assertEquals(DecidedBy.GRANT, decidedBy(agent, "make a"));
    assertNull(decidedBy(beside, "make a"));
  }

  private static Gateway.Reply until(Agent agent, Duration end) {
    String until = Instant.now().plus(end).toString();
    return settle(agent, "make%20a", Map.of("level", "always", "until", until));
  }

  @Test
  void anOverrideUntilATimeEndsByItself() {
    Agent agent = system.newAgent();
    Gateway.Reply set = until(agent, Duration.ofHours(1));
    assertEquals(200, set.status(), set.body().toString());
    assertEquals(DecidedBy.OVERRIDE, decidedBy(agent, "make a"));
    JsonNode effective =
        agent.person().get(path(agent, "/overrides/Bash/make%20a?effective=true")).orThrow();
    assertEquals("override_exact", effective.path("source").asText());
    // An end that is over before it arrives is refused.
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> until(agent, Duration.ofSeconds(3)).status() == 200);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                agent
                    .person()
                    .get(path(agent, "/permissions/history"))
                    .orThrow()
                    .at("/entries/0/action")
                    .asText()
                    .equals("expire"));
    assertNull(decidedBy(agent, "make a"));
  }

  @Test
  void aWriteIsAnswered202WhileTheDocumentsDoNotArriveAndIsInForceLater() {
    Agent agent = system.newAgent();
    assertEquals(200, settle(agent, "make%20a", Map.of("level", "always")).status());
    assertEquals(DecidedBy.OVERRIDE, decidedBy(agent, "make a"));
    system.kafkaLink().freeze();
    try {
      Gateway.Reply late = settle(agent, "make%20a", Map.of("level", "never"));
      assertEquals(202, late.status(), late.body().toString());
      assertEquals(2, late.body().path("version").asInt());
    } finally {
      system.kafkaLink().resume();
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              PermissionReply reply = agent.ask(system.newId(), bash("make a")).decision();
              return reply != null && reply.reason().contains("never");
            });
  }

  @Test
  void whoMayNotAnswerEndsNoOpenPromptByWritingTheirDocument() {
    Agent agent = system.newAgent();
    String asked = system.newId();
    assertNull(agent.ask(asked, bash("make a")).decision());
    Gateway viewer = new Gateway(system.url(), system.stack().keys().personToken(agent.user()));
    Gateway.Reply refused =
        viewer.put(path(agent, "/overrides/Bash/make%20a"), Map.of("level", "always"));
    assertEquals(403, refused.status(), refused.body().toString());
    assertEquals("not_entitled", refused.body().path("code").asText());
    Gateway.Reply tightened =
        viewer.put(path(agent, "/overrides/Bash/make%20b"), Map.of("level", "never"));
    assertEquals(200, tightened.status(), tightened.body().toString());
    assertNull(agent.ask(asked, bash("make a")).decision());

    assertEquals(200, settle(agent, "make%20a", Map.of("level", "always")).status());
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              PermissionReply reply = agent.ask(asked, bash("make a")).decision();
              return reply != null && reply.decidedBy() == DecidedBy.OVERRIDE;
            });
  }

  @Test
  void everythingIsExportedAndErased() {
    Agent agent = system.newAgent();
    settle(agent, "make%20a", Map.of("level", "always"));
    settle(agent, "make%20b", Map.of("level", "always", "uses", 2));
    JsonNode export = agent.person().get(path(agent, "/export")).orThrow();
    assertEquals("always", export.at("/document/tools/Bash/resources/make a/level").asText());
    assertEquals("make b", export.at("/grants/0/resource").asText());
    assertEquals(2, export.path("history").size());
    assertEquals(200, agent.person().delete(path(agent, "/permissions")).status());
    JsonNode after = agent.person().get(path(agent, "/export")).orThrow();
    assertEquals(0, after.path("grants").size());
    assertTrue(after.at("/document/tools").isEmpty());
    assertNotNull(agent.ask(system.newId(), bash("make a")).promptId());
  }
}
