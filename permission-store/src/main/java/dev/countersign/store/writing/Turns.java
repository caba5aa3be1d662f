package dev.countersign.store.writing;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Has the work of one key done piece by piece, in the order in which it came. What waits holds no
 * connection, so one user's work never keeps another's from the database. Thread-safe; never
 * blocks.
 */
public final class Turns<K> {
  /** Too much work of one key waits, or this piece waited too long. It was not begun. */
  public static final class CrowdedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CrowdedException() {
      super("too much work of one user waits", null, false, false);
    }
  }

  private final int mostWaiting;
  private final long patience;
  private final LongSupplier nanos;

  /** By key; a key is there while something of it is done. Guards what the lines hold, too. */
  private final Map<K, Line> lines = new HashMap<>();

  private static final class Line {
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    /** How many turns may begin that have not begun yet. */
    private final AtomicInteger due = new AtomicInteger();
  }

  /**
   * Turns.
   *
   * @param mostWaiting how many pieces of one key may wait beside the one that is done
   * @param patience how long one may wait
   */
  public Turns(int mostWaiting, Duration patience) {
    this(mostWaiting, patience, System::nanoTime);
  }

  Turns(int mostWaiting, Duration patience, LongSupplier nanos) {
    this.mostWaiting = mostWaiting;
    this.patience = patience.toNanos();
    this.nanos = nanos;
  }

  /**
   * The outcome of work whose sender can send it again. Fails with {@link CrowdedException}, and
   * nothing is done, where too much waits or the turn comes too late.
   */
  public <T> Uni<T> take(K key, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              long began = nanos.getAsLong();
              Runnable turn =
                  () -> {
                    if (nanos.getAsLong() - began > patience) {
                      emitter.fail(new CrowdedException());
                      advance(key);
                    } else {
                      run(key, emitter, work);
                    }
                  };
              if (!enter(key, turn, mostWaiting)) {
                emitter.fail(new CrowdedException());
              }
            });
  }

  /**
   * The outcome of work that nobody else would bring again; it waits for as long as it takes. For
   * senders that bring one piece of a key at a time.
   */
  public <T> Uni<T> await(K key, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .emitter(emitter -> enter(key, () -> run(key, emitter, work), Integer.MAX_VALUE));
  }

  /** Has it done at once or in its turn; false if too many are before it. */
  private boolean enter(K key, Runnable turn, int most) {
    boolean first;
    synchronized (lines) {
      Line line = lines.get(key);
      first = line == null;
      if (first) {
        line = new Line();
        lines.put(key, line);
      } else if (line.waiting.size() >= most) {
        return false;
      }
      line.waiting.add(turn);
    }
    if (first) {
      advance(key);
    }
    return true;
  }

  private <T> void run(K key, UniEmitter<? super T> emitter, Supplier<Uni<T>> work) {
    Uni.createFrom()
        .<T>deferred(work::get)
        .onTermination()
        .invoke(() -> advance(key))
        .subscribe()
        .with(emitter::complete, emitter::fail);
  }

  /** Begins the next turn. One that ends at once is followed by a loop, not by a deeper stack. */
  private void advance(K key) {
    Line line;
    synchronized (lines) {
      line = lines.get(key);
    }
    if (line.due.getAndIncrement() != 0) {
      return;
    }
    do {
      Runnable turn;
      synchronized (lines) {
        turn = line.waiting.poll();
        if (turn == null) {
          lines.remove(key);
        }
      }
      if (turn != null) {
        turn.run();
      }
    } while (line.due.decrementAndGet() != 0);
  }
}
