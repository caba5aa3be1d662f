package dev.countersign.approval.loops;

import dev.countersign.approval.health.Progress;
import dev.countersign.approval.kafka.Failures;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A piece of work that one thread of its own does again and again: every interval, and at once when
 * kicked. A failure is logged, shown by the health check and tried again after the interval.
 */
public final class Loop {
  /** After a failure the work is tried again soon, however long its interval. */
  private static final long RETRY_MILLIS = 5_000;

  private static final Logger LOG = Logger.getLogger(Loop.class);

  private final String name;
  private final Duration interval;
  private final Runnable work;
  private final Progress progress;
  private final Semaphore kicks = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopped;

  private Loop(String name, Duration interval, Runnable work, Progress progress) {
    this.name = name;
    this.interval = interval;
    this.work = work;
    this.progress = progress;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  /** Starts a loop. */
  public static Loop start(String name, Duration interval, Runnable work, Progress progress) {
    Loop loop = new Loop(name, interval, work, progress);
    loop.thread.start();
    return loop;
  }

  /** Does the work again as soon as it can. */
  public void kick() {
    kicks.release();
  }

  private void run() {
    while (!stopped) {
      long pause = interval.toMillis();
      try {
        progress.begins(name);
        work.run();
        progress.ends(name);
      } catch (RuntimeException | Error e) {
        pause = Math.min(pause, RETRY_MILLIS);
        progress.fails(name, Failures.words(e));
        if (!stopped) {
          LOG.warnf("%s must be tried again: %s", name, e);
          LOG.debug("The failure", e);
        }
      }
      await(pause);
    }
  }

  private void await(long millis) {
    try {
      if (kicks.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        kicks.drainPermits();
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  /** Asks the loop to end once the work that is under way is done. */
  public void stop() {
    stopped = true;
    kick();
  }

  /** Waits until the loop has ended, but not past a deadline ({@link System#nanoTime}). */
  public void awaitEnd(long deadlineNanos) {
    try {
      long millis = Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis();
      thread.join(Math.max(1, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
