package dev.countersign.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How often each part of the stack has ended without having been ready for a while in between,
 * however long each attempt takes: one that never stays is given up.
 */
final class Restarts {
  static final int MOST = 5;

  /** A part that was ready for so long counts as one that never ended. */
  static final Duration WITHIN = Duration.ofMinutes(2);

  private final InstantSource clock;
  private final Map<String, Past> parts = new HashMap<>();

  Restarts(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Notes that a part has ended.
   *
   * @return how often it has by now; over {@link #MOST} it is not to be started again
   */
  synchronized int ended(String part) {
    Past past = parts.computeIfAbsent(part, key -> new Past());
    if (past.readySince != null && !clock.instant().isBefore(past.readySince.plus(WITHIN))) {
      past.ends = 0;
    }
    past.readySince = null;
    return ++past.ends;
  }

  /**
   * Notes that a part is ready again.
   *
   * @param ends how often it had ended when that start began; if it has again since, it is not
   */
  synchronized void ready(String part, int ends) {
    Past past = parts.get(part);
    if (past.ends == ends) {
      past.readySince = clock.instant();
    }
  }

  private static final class Past {
    private int ends;
    private Instant readySince;
  }
}
