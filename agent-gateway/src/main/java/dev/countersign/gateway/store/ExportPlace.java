package dev.countersign.gateway.store;

import java.util.Optional;

/**
 * The place of one export. It is given back once its response has ended and nobody works on it any
 * more, whichever comes last. Thread-safe.
 */
final class ExportPlace {
  private final Runnable giveBack;
  private boolean working;
  private boolean ended;
  private boolean given;

  ExportPlace(Runnable giveBack) {
    this.giveBack = giveBack;
  }

  /** Work that may fail as its caller says. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /** Does some of the work, and none once the response has ended; one thread at a time. */
  <T, E extends Exception> Optional<T> whileHeld(Work<T, E> work) throws E {
    synchronized (this) {
      if (ended) {
        return Optional.empty();
      }
      working = true;
    }
    try {
      return Optional.ofNullable(work.run());
    } finally {
      synchronized (this) {
        working = false;
        settle();
      }
    }
  }

  /** The response has ended. */
  synchronized void end() {
    ended = true;
    settle();
  }

  private void settle() {
    if (ended && !working && !given) {
      given = true;
      giveBack.run();
    }
  }
}
