package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Query;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.requests.Requests;
import dev.countersign.protocol.PermissionCancel;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Ends a run of an agent: what it asked and nobody answered is withdrawn, and what it left in the
 * background has ended. Its session stays as it is; the agent may take it up again.
 */
@ApplicationScoped
public class EndedRuns {
  private static final Logger LOG = Logger.getLogger(EndedRuns.class);
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(5);

  /** How many withdrawals wait at a time: the approval service reads few at once for one caller. */
  private static final int AT_ONCE = 8;

  /** How often a page is asked for before the rest stays open. */
  private static final int TRIES = 3;

  private static final Executor AFTER_A_PAUSE =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

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
    return page(agent, after, TRIES)
        .thenCompose(
            page -> {
              String next = page.path("next").textValue();
              Queue<String> requestIds = new ConcurrentLinkedQueue<>();
              for (JsonNode prompt : page.path("prompts")) {
                if (prompt.path("sessionId").asText().equals(agent.session())) {
                  requestIds.add(prompt.path("requestId").asText());
                }
              }
              CompletableFuture<Void> all =
                  CompletableFuture.allOf(
                      Stream.generate(() -> withdrawEach(agent, requestIds))
                          .limit(AT_ONCE)
                          .toArray(CompletableFuture[]::new));
              return next == null ? all : all.thenCompose(done -> withdrawAll(agent, next));
            });
  }

  private CompletableFuture<JsonNode> page(Caller agent, String after, int tries) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("sessionId", agent.session());
    query.put("after", after);
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/prompts" + Query.of(query), agent)
        .thenApply(reply -> reply.as(JsonNode.class))
        .exceptionallyCompose(
            failure -> {
              if (tries > 1) {
                return CompletableFuture.supplyAsync(() -> agent, AFTER_A_PAUSE)
                    .thenCompose(again -> page(again, after, tries - 1));
              }
              LOG.warnf(
                  "Prompts of session %s may still be open: its run has ended, but they could not"
                      + " be read: %s",
                  agent.session(), failure);
              return CompletableFuture.failedFuture(failure);
            });
  }

  /** Withdraws one after the other until none is left. */
  private CompletableFuture<Void> withdrawEach(Caller agent, Queue<String> requestIds) {
    String requestId = requestIds.poll();
    return requestId == null
        ? CompletableFuture.completedFuture(null)
        : withdraw(agent, requestId).thenCompose(done -> withdrawEach(agent, requestIds));
  }

  /** Never fails: one that cannot be withdrawn must not keep the others open. */
  private CompletableFuture<Void> withdraw(Caller agent, String requestId) {
    PermissionCancel cancel =
        new PermissionCancel(
            agent.tenant(), agent.session(), requestId, "The agent's run has ended.");
    try {
      return requests
          .cancel(agent, cancel, CANCEL_WAIT)
          .<Void>thenApply(status -> null)
          .exceptionally(failure -> notConfirmed(cancel, failure));
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(notConfirmed(cancel, e));
    }
  }

  private static Void notConfirmed(PermissionCancel cancel, Throwable failure) {
    LOG.warnf(
        "Request %s of session %s may still be open: its run has ended, but that it was withdrawn"
            + " was not confirmed: %s",
        cancel.requestId(), cancel.sessionId(), failure);
    return null;
  }
}
