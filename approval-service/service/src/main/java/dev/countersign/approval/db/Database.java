package dev.countersign.approval.db;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs explicit SQL over the reactive client and waits for it. Never called on an event loop.
 *
 * <p>Deadlocks and serialization failures are tried again here, and so is a transaction that found
 * nothing where another one stored the same key meanwhile; every other failure is the caller's.
 */
@ApplicationScoped
public class Database {
  private static final Logger LOG = Logger.getLogger(Database.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 5;

  private final Pool pool;
  private final Duration patienceWithPool;

  /** What is to be done once the transaction of a connection is committed. */
  private final Map<SqlClient, List<Runnable>> afterCommit =
      Collections.synchronizedMap(new IdentityHashMap<>());

  @Inject
  public Database(Pool pool) {
    this(pool, PATIENCE);
  }

  /**
   * @param patienceWithPool how long to wait for a connection
   */
  Database(Pool pool, Duration patienceWithPool) {
    this.pool = pool;
    this.patienceWithPool = patienceWithPool;
  }

  /** Runs one statement. */
  public List<Row> query(String sql, Object... params) {
    return retrying(
        () -> query(pool, sql, Tuple.from(List.of(params))), SqlErrors::transientConflict);
  }

  /** Runs one statement. */
  public List<Row> query(String sql, Tuple params) {
    return retrying(() -> query(pool, sql, params), SqlErrors::transientConflict);
  }

  /** Runs one statement on a connection or the pool. */
  public static List<Row> query(SqlClient client, String sql, Tuple params) {
    RowSet<Row> rows = client.preparedQuery(sql).execute(params).await().atMost(PATIENCE);
    List<Row> list = new ArrayList<>(rows.size());
    rows.forEach(list::add);
    return list;
  }

  /** Runs work in one transaction, all or nothing. It may run more than once. */
  public <T> T transaction(Function<SqlConnection, T> work) {
    return retrying(() -> once(work), e -> SqlErrors.transientConflict(e) || SqlErrors.raced(e));
  }

  /**
   * Does something once the transaction of this connection is committed, and never if it is not. A
   * commit whose confirmation is lost counts as none.
   *
   * @param connection one that {@link #transaction} has handed out and not taken back
   * @param then a failure of it is logged
   */
  public void afterCommit(SqlClient connection, Runnable then) {
    List<Runnable> all = afterCommit.get(connection);
    if (all == null) {
      throw new IllegalArgumentException("this connection is in no transaction");
    }
    all.add(then);
  }

  private <T> T once(Function<SqlConnection, T> work) {
    SqlConnection connection = connection();
    List<Runnable> then = new ArrayList<>();
    afterCommit.put(connection, then);
    T result;
    try {
      Transaction transaction = connection.begin().await().atMost(PATIENCE);
      try {
        result = work.apply(connection);
        transaction.commit().await().atMost(PATIENCE);
      } catch (RuntimeException e) {
        rollback(transaction, e);
        throw e;
      }
    } finally {
      afterCommit.remove(connection);
      giveBack(connection);
    }
    then.forEach(Database::afterwards);
    return result;
  }

  /** What is committed stands, whatever comes after it. */
  private static void afterwards(Runnable then) {
    try {
      then.run();
    } catch (RuntimeException e) {
      LOG.error("What follows a commit failed", e);
    }
  }

  /** A connection; one that comes too late goes back, for the pool does not know who gave up. */
  private SqlConnection connection() {
    CompletableFuture<SqlConnection> coming = pool.getConnection().subscribeAsCompletionStage();
    try {
      return Uni.createFrom().completionStage(coming.copy()).await().atMost(patienceWithPool);
    } catch (RuntimeException e) {
      coming.thenAccept(Database::giveBack);
      throw e;
    }
  }

  private static void giveBack(SqlConnection connection) {
    connection.close().subscribe().with(done -> {}, failure -> {});
  }

  private static void rollback(Transaction transaction, RuntimeException cause) {
    try {
      transaction.rollback().await().atMost(PATIENCE);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static <T> T retrying(Supplier<T> work, Predicate<Throwable> passing) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS || !passing.test(e)) {
          throw e;
        }
      }
    }
  }
}
