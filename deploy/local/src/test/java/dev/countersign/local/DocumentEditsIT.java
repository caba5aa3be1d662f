package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static dev.countersign.local.SystemFixture.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** "Set git push to ask", said in a chat: what an agent may do to its user's document. */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class DocumentEditsIT {
  private final SystemFixture system;

  DocumentEditsIT(SystemFixture system) {
    this.system = system;
  }

  static String document(Agent agent) {
    return "/v1/users/" + agent.user() + "/permissions";
  }

  static Map<String, String> level(String from, String to) {
    return Map.of("oldText", "\"level\": \"" + from + "\"", "newText", "\"level\": \"" + to + "\"");
  }

  /** An agent whose user wants to be asked before anything is pushed. */
  static Agent askedBeforePushes(SystemFixture system, Map<String, ?> settings) {
    Agent agent = system.newAgent(settings);
    agent
        .person()
        .patch(
            document(agent),
            Map.of(
                "oldText",
                "\"tools\": {}",
                "newText",
                "\"tools\": {\"Bash\":{\"resources\":{\"git push *\":{\"level\":\"ask\"}}}}"))
        .orThrow();
    return agent;
  }

  private Agent askedBeforePushes() {
    return askedBeforePushes(system, Map.of());
  }

  static String stored(Agent agent) {
    return agent
        .person()
        .get(document(agent))
        .orThrow()
        .at("/tools/Bash/resources/git push */level")
        .asText();
  }

  private PermissionReply push(Agent agent) {
    return agent.ask(system.newId(), bash("git push origin main")).decision();
  }

  @Test
  void whatTightensIsStoredAtOnceAndCountsForTheNextRequest() {
    Agent agent = askedBeforePushes();
    JsonNode read = agent.self().get(document(agent)).orThrow();
    assertEquals("ask", read.at("/tools/Bash/resources/git push */level").asText());

    Gateway.Reply edited = agent.self().patch(document(agent), level("ask", "never"));

    assertEquals(200, edited.status(), edited::toString);
    assertEquals("never", edited.body().at("/tools/Bash/resources/git push */level").asText());
    assertEquals("never", stored(agent));
    PermissionReply next = push(agent);
    assertEquals(Effect.DENY, next.effect());
    assertEquals(DecidedBy.OVERRIDE, next.decidedBy());
    assertTrue(agent.prompts().isEmpty());
  }

  @Test
  void whatWidensIsStoredOnceThePersonWhoSawTheDifferenceSaidYes() {
    Agent agent = askedBeforePushes();
    Gateway.Reply edited = agent.self().patch(document(agent), level("ask", "always"));
    assertEquals(202, edited.status(), edited::toString);
    assertEquals("ask", stored(agent));
    PromptState prompt = agent.prompts().get(0);
    assertEquals(List.of("Bash \"git push *\": ask → always"), prompt.edit().widens());
    assertTrue(prompt.edit().diff().contains("\n-          \"level\": \"ask\"\n"));
    assertTrue(
        prompt.options().stream()
            .allMatch(
                o ->
                    o.scope() == PromptOption.Scope.ONCE
                        || o.kind() == PromptOption.Kind.REJECT_ALWAYS));
    assertEquals(
        403,
        agent
            .self()
            .post("/v1/prompts/" + prompt.promptId() + "/answer", Map.of("optionId", "allow_once"))
            .status());

    agent.answer(prompt.promptId(), PromptOption.Kind.ALLOW_ONCE).orThrow();

    String id = edited.body().path("requestId").asText();
    PermissionReply decision = Decisions.theOne(agent, id, system.stack().bootstrapServers());
    assertEquals(Effect.ALLOW, decision.effect());
    assertEquals(agent.user(), decision.user());
    assertEquals("always", stored(agent));
    assertEquals(DecidedBy.OVERRIDE, push(agent).decidedBy());
  }

  @Test
  void theEditWaitsForThePersonIfItsAgentPrefersThat() {
    Agent agent = askedBeforePushes();
    CompletableFuture<Gateway.Reply> waiting =
        CompletableFuture.supplyAsync(
            () -> agent.self().patch(document(agent), level("ask", "always"), 30));
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(20))
        .until(() -> !agent.prompts().isEmpty());
    agent.answer(agent.prompts().get(0).promptId(), PromptOption.Kind.REJECT_ONCE).orThrow();

    Gateway.Reply refused = waiting.join();

    assertEquals(403, refused.status(), refused::toString);
    assertEquals("denied", refused.body().path("code").asText());
    assertEquals("user", refused.body().at("/decision/decidedBy").asText());
    assertEquals("ask", stored(agent));
  }

  @Test
  void aPlainKafkaClientGetsTheSame() {
    Agent agent = askedBeforePushes();
    String id = system.newId();
    assertEquals(
        DecidedBy.DEFAULT,
        agent.ask(id, call("edit_permissions", level("ask", "never"))).decision().decidedBy());
    assertEquals("never", stored(agent));
    Agent.Status asked = agent.ask(system.newId(), call("edit_permissions", level("never", "ask")));
    assertNotNull(asked.promptId());
    agent.answer(asked.promptId(), PromptOption.Kind.REJECT_ONCE).orThrow();
    assertEquals("never", stored(agent));
  }

  @Test
  void whatCannotBeDoneIsSaidPrecisely() {
    Agent agent = askedBeforePushes();
    refused(agent, Map.of("oldText", "nowhere", "newText", "x"), 409, "text_not_found");
    refused(agent, Map.of("oldText", "\"", "newText", "x"), 409, "ambiguous");
    Gateway.Reply invalid = refused(agent, level("ask", "Ask"), 422, "invalid_document");
    assertTrue(invalid.body().path("detail").asText().contains("line 12, column 20"));
    refused(agent, Map.of("oldText", "x"), 400, "invalid_request");
    Agent other = system.newAgent();
    assertEquals(403, agent.self().get(document(other)).status());
    assertEquals(403, agent.self().patch(document(other), level("ask", "never")).status());
    Agent headless = askedBeforePushes(system, Map.of("headless", true));
    Gateway.Reply unasked = refused(headless, level("ask", "always"), 403, "denied");
    assertEquals("policy", unasked.body().at("/decision/decidedBy").asText());
    assertEquals(200, headless.self().patch(document(headless), level("ask", "never")).status());
  }

  private static Gateway.Reply refused(
      Agent agent, Map<String, String> edit, int status, String code) {
    Gateway.Reply reply = agent.self().patch(document(agent), edit);
    assertEquals(status, reply.status(), reply::toString);
    assertEquals(code, reply.body().path("code").asText());
    return reply;
  }

  @Test
  void aDocumentHasANameWhoseCaseDoesNotMatter() {
    Agent agent = askedBeforePushes();
    String named = "/v1/users/" + agent.user() + "/documents/permissions.JSON";
    assertEquals(
        agent.person().get(document(agent)).orThrow(), agent.person().get(named).orThrow());
    assertEquals(200, agent.self().patch(named, level("ask", "never")).status());
    Gateway.Reply other = agent.person().get("/v1/users/" + agent.user() + "/documents/notes.json");
    assertEquals(404, other.status());
    assertEquals("unknown_document", other.body().path("code").asText());
  }
}
