package dev.countersign.gateway.http;

import dev.countersign.gateway.identity.Caller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * So many of something that one caller may have going on at once; a person's own count apart from
 * those of the agents that run for them. Thread-safe; never blocks.
 */
public final class CallerLimit {
  private final int most;
  private final Map<String, Integer> going = new ConcurrentHashMap<>();

  /** A limit under which nothing goes on yet. */
  public CallerLimit(int most) {
    this.most = most;
  }

  /**
   * Counts one more.
   *
   * @param refusal what a caller is told who has as many as may be
   * @return to be run when it has ended; running it again does nothing
   * @throws ProblemException 429 if the caller has as many as may be
   */
  public Runnable begin(Caller caller, String refusal) {
    String holder = caller.holder();
    going.compute(
        holder,
        (same, count) -> {
          if (count != null && count >= most) {
            throw Problems.tooMany(refusal);
          }
          return count == null ? 1 : count + 1;
        });
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        going.computeIfPresent(holder, (same, count) -> count == 1 ? null : count - 1);
      }
    };
  }

  /** How many go on, of all callers together. */
  public int going() {
    return going.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many callers have anything going on. */
  public int callers() {
    return going.size();
  }
}
