package dev.countersign.approval.overrides;

import dev.countersign.approval.kafka.Patience;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Opens once the projection holds everything that {@code override.documents} held when this service
 * started. Until then "no row" does not mean "no overrides", so no request is decided.
 */
@ApplicationScoped
public class CaughtUp {
  private final CountDownLatch reached = new CountDownLatch(1);
  private final Patience patience;

  public CaughtUp(Patience patience) {
    this.patience = patience;
  }

  void open() {
    reached.countDown();
  }

  /** Whether requests are decided. */
  public boolean isReached() {
    return reached.getCount() == 0;
  }

  /**
   * Waits.
   *
   * @throws IllegalStateException if the service stops before
   */
  public void await() {
    try {
      while (!reached.await(100, TimeUnit.MILLISECONDS)) {
        if (patience.stopping()) {
          throw new IllegalStateException("the service stops before it caught up");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("waiting to catch up was interrupted", e);
    }
  }
}
