package dev.countersign.approval.kafka;

import dev.countersign.approval.health.Progress;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tries a piece of work again while Kafka or Postgres is unavailable, and for no other reason.
 * Gives up only when the service stops; the work is then delivered again elsewhere.
 */
@ApplicationScoped
public class Patience {
  private static final Logger LOG = Logger.getLogger(Patience.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Progress progress;

  public Patience(Progress progress) {
    this.progress = progress;
  }

  void onStop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  /** Whether the service is going down. */
  public boolean stopping() {
    return stopping.getCount() == 0;
  }

  /**
   * Runs the work until it returns, or fails for a reason that does not pass.
   *
   * @param what is worked on, as the health check names it
   * @throws StoppingException if the service stops before
   * @throws RuntimeException the work's own failure, if trying again cannot help
   */
  public <T> T untilDone(String what, Supplier<T> work) {
    progress.begins(what);
    try {
      return tryAgain(what, work);
    } finally {
      progress.ends(what);
    }
  }

  private <T> T tryAgain(String what, Supplier<T> work) {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return work.get();
      } catch (RuntimeException | Error e) {
        if (!Failures.passing(e)) {
          throw e;
        }
        progress.fails(what, Failures.words(e));
        LOG.warnf("Work on %s must be tried again: %s", what, Failures.words(e));
        LOG.debug("The failure", e);
      }
      pauseFor(pause, what);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private void pauseFor(long millis, String what) {
    try {
      if (stopping.await(millis, TimeUnit.MILLISECONDS)) {
        throw new StoppingException(what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppingException(what);
    }
  }
}
