package dev.countersign.approval.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Has what one user sends done one piece after the other, where each piece would wait in the
 * database for those before it. What waits here holds no connection, so that one user's crowd keeps
 * nobody from the database.
 */
@ApplicationScoped
class UserTurns {
  /** Users whose hashes meet wait for one another. */
  private static final int LINES = 256;

  private static final int MOST_WAITING = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Semaphore[] lines =
      Stream.generate(() -> new Semaphore(1, true)).limit(LINES).toArray(Semaphore[]::new);

  /**
   * The outcome of the work, done in its turn. Blocks.
   *
   * @throws ProblemException 429 if too much of the user waits or its turn comes too late; nothing
   *     was done then
   */
  <T> T take(String tenant, String user, Supplier<T> work) {
    Semaphore line = lines[Math.floorMod(31 * tenant.hashCode() + user.hashCode(), LINES)];
    if (line.getQueueLength() >= MOST_WAITING || !turn(line)) {
      throw new ProblemException(
          429,
          "too_many_requests",
          "Too many requests are waiting",
          "Too much of this user's is being done already; send it again.");
    }
    try {
      return work.get();
    } finally {
      line.release();
    }
  }

  private static boolean turn(Semaphore line) {
    try {
      return line.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
