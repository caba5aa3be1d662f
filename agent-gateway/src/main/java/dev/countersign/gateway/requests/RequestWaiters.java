package dev.countersign.gateway.requests;

import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.PermissionReply;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Who waits here for which request: first for the news that a person is asked, then for a sign that
 * it is decided. Records are signed by nobody, so none of them is the decision.
 */
@ApplicationScoped
public class RequestWaiters {
  /** Of what came before anybody listened; any one of them causes a reading. */
  private static final int MAX_UNHEARD = 4;

  /** One that waits. Close it when it no longer does. */
  public final class Waiter implements AutoCloseable {
    private final RequestRef ref;
    private final String digest;
    private final Deque<PermissionReply> unheard = new ArrayDeque<>();
    private Consumer<PermissionReply> listener;
    private final CompletableFuture<RequestStatus.Asked> asked = new CompletableFuture<>();

    private Waiter(RequestRef ref, String digest) {
      this.ref = ref;
      this.digest = digest;
    }

    /** One id may be used for two calls; the refusal of the second is not for the first. */
    private boolean isFor(PermissionReply reply) {
      return digest == null
          ? !reply.code().equals(Refusal.REUSED)
          : reply.digest() == null || reply.digest().equals(digest);
    }

    /** Of the call that is waited for; null for whichever it is. */
    String digest() {
      return digest;
    }

    /** Hands over every record about the decision, also of the time before; once. */
    synchronized void listen(Consumer<PermissionReply> toHints) {
      listener = toHints;
      unheard.forEach(toHints);
      unheard.clear();
    }

    private synchronized void hint(PermissionReply reply) {
      if (listener != null) {
        listener.accept(reply);
      } else if (unheard.size() < MAX_UNHEARD) {
        unheard.add(reply);
      }
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

  /** A record says that a request is decided. That proves nothing: whoever waits reads it. */
  public void hint(PermissionReply reply) {
    RequestRef ref = new RequestRef(reply.tenant(), reply.sessionId(), reply.requestId());
    of(ref).stream().filter(waiter -> waiter.isFor(reply)).forEach(waiter -> waiter.hint(reply));
  }

  /** A person is asked, as a record says; whoever waits is told no more than its id. */
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
