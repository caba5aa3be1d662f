package dev.countersign.gateway.kafka;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits for which reply. A waiter is only a hint that saves a read: a reply may never come, and
 * then its owner reads what is stored. Register, <em>then</em> send.
 *
 * @param <V> the reply
 */
public final class Waiters<V> {
  private final Map<String, Set<CompletableFuture<V>>> waiting = new ConcurrentHashMap<>();

  /** Waits for the next value of a key. Complete or cancel the future to stop waiting. */
  public CompletableFuture<V> register(String key) {
    CompletableFuture<V> waiter = new CompletableFuture<>();
    waiting.compute(
        key,
        (k, others) -> {
          Set<CompletableFuture<V>> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(waiter);
          return all;
        });
    waiter.whenComplete((value, failure) -> remove(key, waiter));
    return waiter;
  }

  public boolean awaits(String key) {
    return key != null && waiting.containsKey(key);
  }

  /** Gives every waiter of the key its value. */
  public void complete(String key, V value) {
    Set<CompletableFuture<V>> all = waiting.get(key);
    if (all != null) {
      all.forEach(waiter -> waiter.completeAsync(() -> value));
    }
  }

  /** How many keys are awaited. */
  public int size() {
    return waiting.size();
  }

  private void remove(String key, CompletableFuture<V> waiter) {
    waiting.computeIfPresent(
        key,
        (k, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }
}
