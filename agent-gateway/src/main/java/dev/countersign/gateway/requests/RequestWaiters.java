package dev.countersign.gateway.requests;

import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.PermissionReply;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits here for which request: first for the news that a person is asked, then the decision.
 */
@ApplicationScoped
public class RequestWaiters {
  /** One that waits. Close it when it no longer does. */
  public final class Waiter implements AutoCloseable {
    private final RequestRef ref;
    private final String digest;
    private final CompletableFuture<PermissionReply> decision = new CompletableFuture<>();
    private final CompletableFuture<RequestStatus.Asked> asked = new CompletableFuture<>();

    private Waiter(RequestRef ref, String digest) {
      this.ref = ref;
      this.digest = digest;
    }

    /** One id may be used for two calls; the refusal of the second is not for the first. */
    private boolean isFor(PermissionReply reply) {
      return digest == null
          ? !reply.code().equals("request_id_reused")
          : reply.digest() == null || reply.digest().equals(digest);
    }

    public CompletableFuture<PermissionReply> decision() {
      return decision;
    }

    public CompletableFuture<RequestStatus.Asked> asked() {
      return asked;
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          ref.requestId(),
          (id, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }

  private final Map<String, Set<Waiter>> waiting = new ConcurrentHashMap<>();

  /**
   * Registers; do so before the request is sent or read.
   *
   * @param digest of the call that is asked about; null for whichever it is
   */
  public Waiter register(RequestRef ref, String digest) {
    Waiter waiter = new Waiter(ref, digest);
    waiting.compute(
        ref.requestId(),
        (id, others) -> {
          Set<Waiter> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(waiter);
          return all;
        });
    return waiter;
  }

  /** Whether anyone waits for a request of this id, in whatever session. */
  public boolean awaits(String requestId) {
    return requestId != null && waiting.containsKey(requestId);
  }

  /** A decision came. */
  public void decided(PermissionReply reply) {
    RequestRef ref = new RequestRef(reply.tenant(), reply.sessionId(), reply.requestId());
    of(ref).stream()
        .filter(waiter -> waiter.isFor(reply))
        .forEach(waiter -> waiter.decision.completeAsync(() -> reply));
  }

  /** A person is asked. */
  public void asked(InboxEvent event) {
    RequestRef ref = new RequestRef(event.tenant(), event.sessionId(), event.requestId());
    Instant deadline = event.prompt() == null ? null : event.prompt().deadline();
    RequestStatus.Asked asked = new RequestStatus.Asked(event.promptId(), deadline);
    of(ref).forEach(waiter -> waiter.asked.completeAsync(() -> asked));
  }

  private Set<Waiter> of(RequestRef ref) {
    Set<Waiter> all = ref.requestId() == null ? null : waiting.get(ref.requestId());
    if (all == null) {
      return Set.of();
    }
    return all.stream()
        .filter(waiter -> waiter.ref.equals(ref))
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }
}
