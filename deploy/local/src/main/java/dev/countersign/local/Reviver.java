package dev.countersign.local;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts the parts of a stack again that end without being told to, and says so. One that does not
 * become ready is killed and counts as one that ended. A part that ends again and again is given
 * up. Before {@link #begin} the first end of any part is.
 */
final class Reviver {
  private final Restarts restarts;
  private final BooleanSupplier stopping;
  private final CompletableFuture<String> gaveUp = new CompletableFuture<>();
  private volatile Consumer<String> news;

  /**
   * @param stopping whether everything is being stopped, so that no end is news
   */
  Reviver(Restarts restarts, BooleanSupplier stopping) {
    this.restarts = restarts;
    this.stopping = stopping;
  }

  /** From now on parts are started again, and {@code news} hears of all that happens to them. */
  void begin(Consumer<String> news) {
    this.news = news;
  }

  /** Completes with one line when a part has ended that nobody starts again. */
  CompletableFuture<String> gaveUp() {
    return gaveUp;
  }

  /**
   * Watches a process.
   *
   * @param start starts it again; what it returns is watched already
   * @param awaitReady returns once that is ready, or says in a {@link LaunchException} why not
   */
  void watch(Child child, Supplier<Child> start, Consumer<Child> awaitReady) {
    child
        .died()
        .thenAccept(
            dead ->
                noticeEnd(
                    dead.name(),
                    dead.obituary(),
                    () -> {
                      Child again = start.get();
                      return becomesReady(again, awaitReady);
                    }));
  }

  /**
   * Takes note of the end of a part that is no {@link Child}.
   *
   * @param start starts it and returns once it is ready, or says in a {@link LaunchException} why
   *     it is not, after which it is not running
   */
  void noticeEnd(String part, String obituary, Runnable start) {
    noticeEnd(
        part,
        obituary,
        () -> {
          start.run();
          return true;
        });
  }

  private void noticeEnd(String part, String obituary, BooleanSupplier start) {
    if (stopping.getAsBoolean()) {
      return;
    }
    if (news == null) {
      gaveUp.complete(obituary);
    } else if (!restarts.mayRestart(part)) {
      gaveUp.complete(
          "%s; it ended %d times within %d minutes"
              .formatted(obituary, Restarts.MOST + 1, Restarts.WITHIN.toMinutes()));
    } else {
      news.accept(obituary + "; starting it again");
      Thread thread = new Thread(() -> startAgain(part, start), "start-again");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void startAgain(String part, BooleanSupplier start) {
    try {
      if (start.getAsBoolean()) {
        news.accept(part + " is ready again");
      }
    } catch (LaunchException e) {
      noticeEnd(part, e.getMessage(), start);
    } catch (RuntimeException e) {
      if (!stopping.getAsBoolean()) {
        gaveUp.complete(part + " cannot be started again: " + e.getMessage());
      }
    }
  }

  /** One that is not ready will be noticed by its end, which this brings about if it must. */
  private boolean becomesReady(Child child, Consumer<Child> awaitReady) {
    try {
      awaitReady.accept(child);
      return true;
    } catch (LaunchException e) {
      if (!stopping.getAsBoolean() && child.isAlive()) {
        news.accept(e.getMessage() + "; killing it");
        child.fail();
      }
      return false;
    }
  }
}
