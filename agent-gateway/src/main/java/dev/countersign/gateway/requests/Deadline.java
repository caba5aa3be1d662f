package dev.countersign.gateway.requests;

import dev.countersign.gateway.http.Problems;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * When a caller who waits wants an answer, whatever it is.
 *
 * @param end by {@link System#nanoTime}; null for a caller who does not say
 */
record Deadline(Long end) {
  /** In this time from now; none for no time at all. */
  static Deadline in(Duration time) {
    return new Deadline(time.isZero() ? null : System.nanoTime() + time.toNanos());
  }

  /** The same, but no later than this from now. */
  Deadline atMost(Duration time) {
    return left().compareTo(time) > 0 ? in(time) : this;
  }

  Duration left() {
    return end == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** The same reading; fails with 503 if it takes longer than there is time. */
  <T> CompletableFuture<T> bound(CompletableFuture<T> reading) {
    if (end == null) {
      return reading;
    }
    return reading
        .orTimeout(left().toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (value, failure) -> {
              if (failure instanceof TimeoutException) {
                throw new CompletionException(Problems.approvalSilent());
              }
              if (failure != null) {
                throw failure instanceof CompletionException same
                    ? same
                    : new CompletionException(failure);
              }
              return value;
            });
  }
}
