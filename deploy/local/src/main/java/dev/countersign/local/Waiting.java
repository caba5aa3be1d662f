package dev.countersign.local;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition by asking again and again. */
final class Waiting {
  private static final long PAUSE_MILLIS = 50;

  private Waiting() {}

  /**
   * Returns once the condition holds.
   *
   * @param check runs before every question; throws to give up early
   * @param tooLate what to throw when time is up
   */
  static void until(
      Duration atMost,
      BooleanSupplier condition,
      Runnable check,
      Supplier<? extends RuntimeException> tooLate) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      check.run();
      if (condition.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw tooLate.get();
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LaunchException("interrupted", e);
      }
    }
  }
}
