package dev.countersign.gateway.kafka;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * Who waits for which reply, by the mark of their call (see {@link ReplyMarks#next}). A waiter is
 * only a hint that saves a read: a reply may never come, and then its owner asks again or reads
 * what is stored. Register, <em>then</em> send.
 *
 * @param <V> the reply
 */
public final class Waiters<V> {
  private record Waiter<V>(Predicate<V> about, CompletableFuture<V> reply) {}

  private final ConcurrentMap<String, Waiter<V>> waiting = new ConcurrentHashMap<>();

  /**
   * Waits for the reply to one call. Complete or cancel the future to stop waiting.
   *
   * @param about whether a reply is about what was sent; another is passed over, whatever its mark
   */
  public CompletableFuture<V> register(String mark, Predicate<V> about) {
    CompletableFuture<V> reply = new CompletableFuture<>();
    waiting.put(mark, new Waiter<>(about, reply));
    reply.whenComplete((value, failure) -> waiting.remove(mark));
    return reply;
  }

  public boolean awaits(String mark) {
    return mark != null && waiting.containsKey(mark);
  }

  /**
   * Gives the waiter its reply.
   *
   * @return false if nobody waits for it, or if it is not about what was sent
   */
  public boolean complete(String mark, V value) {
    Waiter<V> waiter = waiting.get(mark);
    if (waiter == null || !waiter.about().test(value)) {
      return false;
    }
    waiter.reply().completeAsync(() -> value);
    return true;
  }

  /** How many calls wait. */
  public int size() {
    return waiting.size();
  }
}
