package dev.countersign.gateway.requests;

import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Waits for a request. A reply over Kafka says that it is decided; the decision itself is read from
 * the approval service, at once. Because a reply may be lost, what is stored is also read now and
 * then, and once more shortly before the end. Where that last reading fails or does not come back
 * in time, nothing is known and the wait ends with 503.
 */
@ApplicationScoped
public class LongPoll {
  private static final long[] READ_AFTER_MILLIS = {2_000, 5_000, 10_000};
  private static final long THEN_EVERY_MILLIS = 15_000;

  /** What the last reading gets of the wait, but no more than half; and the shortest wait. */
  private static final long LAST_MILLIS = 2_000;

  private static final long SHORTEST_MILLIS = 1_000;

  private final StoredRequests stored;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "long-poll");
            thread.setDaemon(true);
            return thread;
          });

  public LongPoll(StoredRequests stored) {
    this.stored = stored;
  }

  @PreDestroy
  void stop() {
    timer.shutdownNow();
  }

  /**
   * Waits for a decision.
   *
   * @param time at most this long; under a second, until what is stored has been read, for which
   *     there is a second
   * @param untilAsked end also as soon as a person is asked
   */
  CompletableFuture<RequestStatus> await(
      RequestWaiters.Waiter waiter,
      Caller caller,
      RequestRef ref,
      Duration time,
      boolean untilAsked) {
    Poll poll = new Poll(caller, ref, waiter.digest(), untilAsked, time.toMillis());
    waiter.listen(new Hints(poll::stored, poll::hinted, this::later)::heard);
    waiter.asked().thenAccept(poll::asked);
    poll.schedule(0);
    return poll.result.whenComplete(
        (status, failure) -> {
          poll.next.get().cancel(false);
          poll.atEnd.cancel(false);
          waiter.close();
        });
  }

  private void later(Runnable task, long millis) {
    timer.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  private final class Poll {
    private final Caller caller;
    private final RequestRef ref;
    private final String digest;
    private final boolean untilAsked;
    private final boolean hurried;
    private final long lastReading;
    private final Future<?> atEnd;
    private volatile boolean read;
    private final CompletableFuture<RequestStatus> result = new CompletableFuture<>();
    private final AtomicReference<RequestStatus> known =
        new AtomicReference<>(new RequestStatus.Pending());
    private final AtomicReference<Future<?>> next =
        new AtomicReference<>(CompletableFuture.completedFuture(null));

    Poll(Caller caller, RequestRef ref, String digest, boolean untilAsked, long millis) {
      this.caller = caller;
      this.ref = ref;
      this.digest = digest;
      this.untilAsked = untilAsked;
      this.hurried = millis < SHORTEST_MILLIS;
      long pause = hurried ? 0 : Math.max(millis / 2, millis - LAST_MILLIS);
      this.lastReading = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
      this.atEnd =
          timer.schedule(this::end, Math.max(millis, SHORTEST_MILLIS), TimeUnit.MILLISECONDS);
    }

    CompletableFuture<Optional<StoredRequest>> stored() {
      return result.isDone()
          ? CompletableFuture.completedFuture(Optional.empty())
          : stored.read(caller, ref.sessionId(), ref.requestId());
    }

    /** What is stored counts; a refusal only where it is about nothing that is stored. */
    boolean hinted(Optional<StoredRequest> found, Optional<Refusal> refusal) {
      if (refusal.isPresent() && refusal.get().stands(found, digest)) {
        result.complete(new RequestStatus.Decided(refusal.get().reply()));
      } else {
        found.map(StoredRequest::status).ifPresent(this::learn);
      }
      return !result.isDone();
    }

    void asked(RequestStatus.Asked asked) {
      known.set(asked);
      if (untilAsked) {
        result.complete(asked);
      }
    }

    void schedule(int round) {
      long left = Math.max(0, TimeUnit.NANOSECONDS.toMillis(lastReading - System.nanoTime()));
      long pause = round < READ_AFTER_MILLIS.length ? READ_AFTER_MILLIS[round] : THEN_EVERY_MILLIS;
      boolean last = left <= pause;
      next.set(timer.schedule(() -> read(round, last), last ? left : pause, TimeUnit.MILLISECONDS));
      if (result.isDone()) {
        next.get().cancel(false);
      }
    }

    private void read(int round, boolean last) {
      if (result.isDone()) {
        return;
      }
      if (!last) {
        schedule(round + 1);
      }
      stored()
          .whenComplete(
              (found, failure) -> {
                if (failure == null) {
                  found.map(StoredRequest::status).ifPresent(this::learn);
                }
                if (last && failure == null) {
                  read = true;
                }
                if (last && (hurried || failure != null)) {
                  end();
                }
              });
    }

    /**
     * What the last reading found is what there is. Without it a person who is asked is still
     * asked, but of anything else nothing is known.
     */
    private void end() {
      if (read || known.get() instanceof RequestStatus.Asked) {
        result.complete(known.get());
      } else {
        result.completeExceptionally(Problems.approvalSilent());
      }
    }

    private void learn(RequestStatus status) {
      if (status instanceof RequestStatus.Decided) {
        result.complete(status);
      } else if (status instanceof RequestStatus.Asked asked) {
        asked(asked);
      }
    }
  }
}
