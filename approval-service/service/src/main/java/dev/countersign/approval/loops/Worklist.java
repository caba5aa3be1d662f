package dev.countersign.approval.loops;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.UnreadableRowException;
import dev.countersign.approval.kafka.Failures;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;

/**
 * Rows that a loop works off in batches, each batch in a transaction of its own. A row that cannot
 * be worked off stops no other: it is found, put aside, and tried again after a minute.
 *
 * @param <T> a row
 */
public final class Worklist<T> {
  private static final Logger LOG = Logger.getLogger(Worklist.class);
  private static final long ASIDE = Duration.ofMinutes(1).toNanos();

  private final String name;
  private final Database database;
  private final ToLongFunction<T> seq;
  private final Runnable advanced;
  private final Map<Long, Long> aside = new HashMap<>();

  /**
   * @param seq tells a row from all others, also where it cannot be read
   * @param advanced is told of every batch that is done, so that a long list does not look like
   *     work that stands still
   */
  public Worklist(String name, Database database, ToLongFunction<T> seq, Runnable advanced) {
    this.name = name;
    this.database = database;
    this.seq = seq;
    this.advanced = advanced;
  }

  /** Takes rows off the list, and locks them. */
  public interface Take<T> {
    /**
     * @param aside rows that are to be left out
     */
    List<T> rows(SqlConnection connection, int limit, Long[] aside);
  }

  /**
   * Works off some rows.
   *
   * @return how many; none if none are left, and fewer than {@code most} also where rows are large
   * @throws RuntimeException if the database or Kafka is unavailable
   */
  public synchronized int some(int most, Take<T> take, BiConsumer<SqlConnection, List<T>> work) {
    int limit = most;
    int done = 0;
    while (done < most) {
      Batch<T> batch = new Batch<>();
      int wanted = limit;
      try {
        database.transaction(
            connection -> {
              batch.rows = take.rows(connection, wanted, aside());
              work.accept(connection, batch.rows);
              return null;
            });
        done += batch.rows.size();
        if (!batch.rows.isEmpty()) {
          advanced.run();
        }
        if (batch.rows.size() < wanted) {
          return done;
        }
        limit = Math.min(most - done, 2 * wanted);
      } catch (RuntimeException | StackOverflowError e) {
        if (!blames(batch.rows, e)) {
          throw e;
        }
        limit = smaller(batch.rows, e);
      }
    }
    return done;
  }

  private static final class Batch<T> {
    private List<T> rows = List.of();
  }

  /** Whether a failure is the fault of a row, and not of the infrastructure or of the query. */
  private static boolean blames(List<?> rows, Throwable failure) {
    return failure instanceof UnreadableRowException
        || !rows.isEmpty() && !Failures.passing(failure);
  }

  /** How many to try next; where only one row was taken, that row is at fault. */
  private int smaller(List<T> rows, Throwable failure) {
    if (failure instanceof UnreadableRowException unreadable) {
      putAside(unreadable.seq(), failure);
    } else if (rows.size() == 1) {
      putAside(seq.applyAsLong(rows.get(0)), failure);
    }
    return Math.max(1, rows.size() / 2);
  }

  private void putAside(long row, Throwable failure) {
    LOG.errorf(failure, "The row %d of %s is put aside", row, name);
    aside.put(row, System.nanoTime());
  }

  private Long[] aside() {
    long now = System.nanoTime();
    aside.values().removeIf(since -> now - since > ASIDE);
    return aside.keySet().toArray(Long[]::new);
  }
}
