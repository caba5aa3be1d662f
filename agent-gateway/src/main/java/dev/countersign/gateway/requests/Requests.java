package dev.countersign.gateway.requests;

import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.kafka.Sender;
import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Asks, waits and cancels on behalf of an agent. */
@ApplicationScoped
public class Requests {
  /** How long a request that nobody knows may still be on its way. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Sender sender;
  private final RequestWaiters waiters;
  private final LongPoll longPoll;
  private final StoredRequests stored;
  private final InFlight inFlight;

  public Requests(
      Sender sender,
      RequestWaiters waiters,
      LongPoll longPoll,
      StoredRequests stored,
      InFlight inFlight) {
    this.sender = sender;
    this.waiters = waiters;
    this.longPoll = longPoll;
    this.stored = stored;
    this.inFlight = inFlight;
  }

  /**
   * Asks for a decision. Asking again with the same id is safe: there is one decision.
   *
   * @param agent holds the token of exactly the request's session
   * @param untilAsked return also as soon as a person is asked
   * @param taken runs once Kafka has the request: from then on nothing here keeps its tool call
   */
  public CompletableFuture<RequestStatus> ask(
      Caller agent, PermissionRequest request, Duration time, boolean untilAsked, Runnable taken) {
    RequestRef ref = new RequestRef(request.tenant(), request.sessionId(), request.requestId());
    String digest = Digest.of(request.toolCall());
    return inFlight.count(
        agent,
        () -> {
          RequestWaiters.Waiter waiter = waiters.register(ref, digest);
          try {
            return sender
                .sendAsAgent(request, ref.sessionId() + "/" + ref.requestId(), agent)
                .thenRun(taken)
                .thenCompose(sent -> longPoll.await(waiter, agent, ref, time, untilAsked))
                .thenApply(status -> checked(ref, digest, status))
                .whenComplete((status, failure) -> waiter.close());
          } catch (RuntimeException e) {
            waiter.close();
            throw e;
          }
        });
  }

  /** Waits for a request that was asked before. 404 if nobody knows it. */
  public CompletableFuture<RequestStatus> follow(
      Caller caller, String sessionId, String requestId, Duration time) {
    Deadline deadline = Deadline.in(time);
    return deadline
        .bound(stored.read(caller, sessionId, requestId))
        .thenCompose(
            found -> {
              if (found.isEmpty() && (sessionId == null || time.isZero())) {
                throw unknown(requestId);
              }
              String session = found.map(StoredRequest::sessionId).orElse(sessionId);
              RequestRef ref = new RequestRef(caller.tenant(), session, requestId);
              return follow(caller, ref, found, time, deadline);
            });
  }

  private CompletableFuture<RequestStatus> follow(
      Caller caller,
      RequestRef ref,
      Optional<StoredRequest> found,
      Duration time,
      Deadline deadline) {
    if (found.isPresent()
        && (time.isZero() || found.get().status() instanceof RequestStatus.Decided)) {
      return CompletableFuture.completedFuture(found.get().status());
    }
    Deadline wait = found.isEmpty() ? deadline.atMost(GRACE) : deadline;
    return inFlight.count(
        caller,
        () -> {
          RequestWaiters.Waiter waiter = waiters.register(ref, null);
          return wait.bound(stored.read(caller, ref.sessionId(), ref.requestId()))
              .thenCompose(
                  now -> {
                    if (now.isPresent()
                        && now.get().status() instanceof RequestStatus.Decided decided) {
                      return CompletableFuture.completedFuture(decided);
                    }
                    return longPoll.await(waiter, caller, ref, wait.left(), false);
                  })
              .thenApply(
                  status -> {
                    if (found.isEmpty() && status instanceof RequestStatus.Pending) {
                      throw unknown(ref.requestId());
                    }
                    return status;
                  })
              .whenComplete((status, failure) -> waiter.close());
        });
  }

  /** Withdraws a request. The decision that then stands may be an earlier one. */
  public CompletableFuture<RequestStatus> cancel(
      Caller agent, PermissionCancel cancel, Duration time) {
    RequestRef ref = new RequestRef(cancel.tenant(), cancel.sessionId(), cancel.requestId());
    RequestWaiters.Waiter waiter = waiters.register(ref, null);
    return sender
        .sendAsAgent(cancel, ref.sessionId() + "/" + ref.requestId() + "/cancel", agent)
        .thenCompose(sent -> longPoll.await(waiter, agent, ref, time, false))
        .whenComplete((status, failure) -> waiter.close());
  }

  /**
   * Reports that the call of a request has ended. Reporting it again changes nothing.
   *
   * @return fails with 404 if the request is not known, 409 if its call was not allowed
   */
  public CompletableFuture<Void> finished(Caller agent, CallFinished finished) {
    return stored
        .read(agent, finished.sessionId(), finished.requestId())
        .thenCompose(
            found -> {
              RequestStatus status =
                  found.map(StoredRequest::status).orElseThrow(() -> unknown(finished.requestId()));
              boolean allowed =
                  status instanceof RequestStatus.Decided decided
                      && decided.decision().effect() == Effect.ALLOW;
              if (!allowed) {
                throw new CompletionException(
                    Problems.of(
                        409,
                        "not_running",
                        "This call was not allowed to run.",
                        "Only a call that was allowed can have ended."));
              }
              return report(agent, finished);
            });
  }

  /** The same without looking first: what is not about an allowed call is dead-lettered. */
  public CompletableFuture<Void> report(Caller agent, CallFinished finished) {
    String id = finished.sessionId() + "/" + finished.requestId() + "/finished";
    return sender.sendAsAgent(finished, id, agent);
  }

  /** A decision for another call than the one that was asked about is none for this one. */
  private static RequestStatus checked(RequestRef ref, String digest, RequestStatus status) {
    if (status instanceof RequestStatus.Decided decided) {
      PermissionReply reply = decided.decision();
      boolean same = digest.equals(reply.digest());
      if (!same && (reply.effect() == Effect.ALLOW || reply.digest() != null)) {
        throw new CompletionException(
            Problems.of(
                409,
                "request_id_reused",
                "This request id stands for another tool call.",
                "Request "
                    + ref.requestId()
                    + " was decided for another tool call; use a new id."));
      }
    }
    return status;
  }

  private static CompletionException unknown(String requestId) {
    return new CompletionException(
        Problems.of(
            404,
            "unknown_request",
            "This request is not known.",
            "No request " + requestId + " is visible here; it may be sent again."));
  }
}
