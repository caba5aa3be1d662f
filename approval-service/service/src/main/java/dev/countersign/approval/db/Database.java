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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Runs explicit SQL over the reactive client and waits for it. Never called on an event loop.
 *
 * <p>Deadlocks and serialization failures are tried again here, and so is a transaction that found
 * nothing where another one stored the same key meanwhile; every other failure is the caller's.
 */
@ApplicationScoped
public class Database {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 5;

  private final Pool pool;
  private final Duration patienceWithPool;

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

  private <T> T once(Function<SqlConnection, T> work) {
    SqlConnection connection = connection();
    try {
      Transaction transaction = connection.begin().await().atMost(PATIENCE);
      try {
        T result = work.apply(connection);
        transaction.commit().await().atMost(PATIENCE);
        return result;
      } catch (RuntimeException e) {
        rollback(transaction, e);
        throw e;
      }
    } finally {
      giveBack(connection);
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
