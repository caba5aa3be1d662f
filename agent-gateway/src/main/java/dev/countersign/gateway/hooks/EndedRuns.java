package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.requests.Requests;
import dev.countersign.protocol.PermissionCancel;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ends a run of an agent: what it asked and nobody answered is withdrawn, and what it left in the
 * background has ended. Its session stays as it is; the agent may take it up again.
 */
@ApplicationScoped
public class EndedRuns {
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(5);

  private final Requests requests;
  private final EndedCalls calls;
  private final Upstream upstream;

  public EndedRuns(Requests requests, EndedCalls calls, Upstream upstream) {
    this.requests = requests;
    this.calls = calls;
    this.upstream = upstream;
  }

  /** Ends the run that has gone on in a session. Repeating it is harmless. */
  CompletableFuture<Void> end(Caller agent) {
    return CompletableFuture.allOf(calls.allEnded(agent), withdrawAll(agent, List.of()));
  }

  /**
   * Withdraws what the session asks.
   *
   * @param before what was withdrawn already, if not all of it was listed; a list that stays the
   *     same is not asked for again
   */
  private CompletableFuture<Void> withdrawAll(Caller agent, List<String> before) {
    String path = "/internal/prompts?sessionId=" + Upstream.encode(agent.session());
    return upstream
        .get(Upstream.Service.APPROVAL, path, agent)
        .thenCompose(
            reply -> {
              JsonNode page = reply.as(JsonNode.class);
              List<String> asked = new ArrayList<>();
              for (JsonNode prompt : page.path("prompts")) {
                if (prompt.path("sessionId").asText().equals(agent.session())) {
                  asked.add(prompt.path("requestId").asText());
                }
              }
              CompletableFuture<Void> withdrawn =
                  CompletableFuture.allOf(
                      asked.stream()
                          .map(id -> withdraw(agent, id))
                          .toArray(CompletableFuture[]::new));
              return page.path("more").asBoolean() && !asked.equals(before)
                  ? withdrawn.thenCompose(done -> withdrawAll(agent, asked))
                  : withdrawn;
            });
  }

  private CompletableFuture<?> withdraw(Caller agent, String requestId) {
    return requests.cancel(
        agent,
        new PermissionCancel(
            agent.tenant(), agent.session(), requestId, "The agent's run has ended."),
        CANCEL_WAIT);
  }
}
