package dev.countersign.gateway.requests;

import dev.countersign.protocol.PermissionReply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Turns what records say of one awaited request into readings of what is stored. The first hint
 * reads at once. While a reading is on its way, and for a pause after it, further hints together
 * cause one more; the pause doubles with every reading, so a flood of hints is none of readings.
 * Never blocks.
 */
final class Hints {
  static final long FIRST_PAUSE_MILLIS = 100;
  static final long LONGEST_PAUSE_MILLIS = 2_000;

  /** Runs something later, on another thread. */
  interface Later {
    void run(Runnable task, long millis);
  }

  /** Gets every reading that came back; ends the hints if there is nothing left to wait for. */
  interface Reader {
    /**
     * @param refusal the refusal that was heard before the reading began; empty if there was none
     * @return whether it still waits
     */
    boolean read(Optional<StoredRequest> stored, Optional<Refusal> refusal);
  }

  private final Supplier<CompletableFuture<Optional<StoredRequest>>> reading;
  private final Reader reader;
  private final Later later;
  private Optional<Refusal> refusal = Optional.empty();
  private boolean busy;
  private boolean again;
  private long pause = FIRST_PAUSE_MILLIS;

  Hints(Supplier<CompletableFuture<Optional<StoredRequest>>> reading, Reader reader, Later later) {
    this.reading = reading;
    this.reader = reader;
    this.later = later;
  }

  /** A record about the request came. */
  synchronized void heard(PermissionReply reply) {
    refusal = Refusal.of(reply).or(() -> refusal);
    again = true;
    if (!busy) {
      busy = true;
      later.run(this::read, 0);
    }
  }

  private void read() {
    Optional<Refusal> heard;
    synchronized (this) {
      busy = again;
      if (!again) {
        return;
      }
      again = false;
      heard = refusal;
      refusal = Optional.empty();
    }
    reading.get().whenComplete((stored, failure) -> cameBack(stored, failure, heard));
  }

  private void cameBack(
      Optional<StoredRequest> stored, Throwable failure, Optional<Refusal> heard) {
    if (failure == null && !reader.read(stored, heard)) {
      return;
    }
    long wait;
    synchronized (this) {
      if (failure != null) {
        refusal = refusal.or(() -> heard);
        again = true;
      }
      wait = pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
    later.run(this::read, wait);
  }
}
