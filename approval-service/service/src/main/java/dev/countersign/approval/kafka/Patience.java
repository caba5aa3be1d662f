package dev.countersign.approval.kafka;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tries a piece of work until it succeeds: an infrastructure that is away makes a batch wait, never
 * fail. Gives up only when the service stops; the batch is then delivered again elsewhere.
 */
@ApplicationScoped
public class Patience {
  private static final Logger LOG = Logger.getLogger(Patience.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private final CountDownLatch stopping = new CountDownLatch(1);

  void onStop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  /** Whether the service is going down. */
  public boolean stopping() {
    return stopping.getCount() == 0;
  }

  /**
   * Runs the work until it returns normally.
   *
   * @throws IllegalStateException if the service stops before it did
   */
  public void untilDone(String what, Runnable work) {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        work.run();
        return;
      } catch (RuntimeException | Error e) {
        LOG.warnf("%s must be tried again: %s", what, e);
        LOG.debug("The failure", e);
      }
      pauseFor(pause, what);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private void pauseFor(long millis, String what) {
    try {
      if (stopping.await(millis, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(what + " was left undone: the service stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what + " was interrupted", e);
    }
  }
}
