package dev.countersign.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How often a part of the stack was started again: one that always ends is given up. */
final class Restarts {
  static final int MOST = 5;
  static final Duration WITHIN = Duration.ofMinutes(2);

  private final InstantSource clock;
  private final Map<String, Deque<Long>> times = new HashMap<>();

  Restarts(InstantSource clock) {
    this.clock = clock;
  }

  /** Notes one more; false if there were too many of late. */
  synchronized boolean mayRestart(String part) {
    long now = clock.millis();
    Deque<Long> past = times.computeIfAbsent(part, key -> new ArrayDeque<>());
    while (!past.isEmpty() && past.peekFirst() < now - WITHIN.toMillis()) {
      past.removeFirst();
    }
    if (past.size() == MOST) {
      return false;
    }
    past.addLast(now);
    return true;
  }
}
