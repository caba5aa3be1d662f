package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Query;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.requests.Requests;
import dev.countersign.protocol.PermissionCancel;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    return CompletableFuture.allOf(calls.allEnded(agent), withdrawAll(agent, null));
  }

  /** Withdraws what the session asks, a page after the other: what is asked may be large. */
  private CompletableFuture<Void> withdrawAll(Caller agent, String after) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("sessionId", agent.session());
    query.put("after", after);
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/prompts" + Query.of(query), agent)
        .thenCompose(
            reply -> {
              JsonNode page = reply.as(JsonNode.class);
              String next = page.path("next").textValue();
              List<CompletableFuture<?>> withdrawn = new ArrayList<>();
              for (JsonNode prompt : page.path("prompts")) {
                if (prompt.path("sessionId").asText().equals(agent.session())) {
                  withdrawn.add(withdraw(agent, prompt.path("requestId").asText()));
                }
              }
              CompletableFuture<Void> all =
                  CompletableFuture.allOf(withdrawn.toArray(CompletableFuture[]::new));
              return next == null ? all : all.thenCompose(done -> withdrawAll(agent, next));
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
