package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.requests.Requests;
import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.CallFinished.Result;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Passes on what Claude Code tells of calls that ended. Nothing here lets a tool run. */
@ApplicationScoped
public class EndedCalls {
  private final Requests requests;
  private final Upstream upstream;

  public EndedCalls(Requests requests, Upstream upstream) {
    this.requests = requests;
    this.upstream = upstream;
  }

  /** After a tool: its call has ended, unless it goes on in the background. */
  CompletableFuture<Void> afterTool(Caller agent, ClaudeCodeEvent event) {
    if (event.toolUseId() == null || goesOn(event)) {
      return CompletableFuture.completedFuture(null);
    }
    Result result =
        event.name().equals(ClaudeCodeEvent.POST_TOOL_USE)
            ? Result.SUCCEEDED
            : Boolean.TRUE.equals(event.interrupted()) ? Result.STOPPED : Result.FAILED;
    return report(agent, event.toolUseId(), result);
  }

  private static boolean goesOn(ClaudeCodeEvent event) {
    if (!event.name().equals(ClaudeCodeEvent.POST_TOOL_USE)) {
      return false;
    }
    JsonNode input = event.toolInput();
    JsonNode response = event.toolResponse();
    return input != null && input.path("run_in_background").asBoolean()
        || response != null
            && (response.path("backgroundTaskId").isTextual()
                || response.path("status").asText().equals("async_launched"));
  }

  /** After a turn: where nothing is left in the background, all that ran there has ended. */
  CompletableFuture<Void> afterTurn(Caller agent, ClaudeCodeEvent event) {
    JsonNode left = event.backgroundTasks();
    if (left == null || !left.isArray() || !left.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return allEnded(agent);
  }

  /** Nothing of a session runs any more. */
  CompletableFuture<Void> allEnded(Caller agent) {
    return upstream
        .get(
            Upstream.Service.APPROVAL,
            "/internal/sessions/" + Upstream.encode(agent.session()),
            agent)
        .thenCompose(
            reply -> {
              List<CompletableFuture<Void>> reports = new ArrayList<>();
              for (JsonNode call : reply.as(JsonNode.class).path("running")) {
                if (call.path("sessionId").asText().equals(agent.session())) {
                  reports.add(report(agent, call.path("requestId").asText(), null));
                }
              }
              return CompletableFuture.allOf(reports.toArray(CompletableFuture[]::new));
            });
  }

  private CompletableFuture<Void> report(Caller agent, String requestId, Result result) {
    return requests.report(
        agent, new CallFinished(agent.tenant(), agent.session(), requestId, result));
  }
}
