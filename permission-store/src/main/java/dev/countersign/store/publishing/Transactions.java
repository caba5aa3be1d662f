package dev.countersign.store.publishing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Transactions that are waited for, statement by statement; not for event loops. */
@ApplicationScoped
class Transactions {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Pool pool;

  Transactions(Pool pool) {
    this.pool = pool;
  }

  <T> T run(Function<SqlConnection, T> work) {
    SqlConnection connection = connection();
    try {
      var transaction = connection.begin().await().atMost(PATIENCE);
      try {
        T result = work.apply(connection);
        transaction.commit().await().atMost(PATIENCE);
        return result;
      } catch (RuntimeException e) {
        transaction.rollback().subscribe().with(done -> {}, failure -> {});
        throw e;
      }
    } finally {
      giveBack(connection);
    }
  }

  static List<Row> query(SqlConnection connection, String sql, Tuple params) {
    RowSet<Row> rows = connection.preparedQuery(sql).execute(params).await().atMost(PATIENCE);
    List<Row> list = new ArrayList<>(rows.size());
    rows.forEach(list::add);
    return list;
  }

  /** A connection; one that comes too late goes back, for the pool does not know who gave up. */
  private SqlConnection connection() {
    CompletableFuture<SqlConnection> coming = pool.getConnection().subscribeAsCompletionStage();
    try {
      return Uni.createFrom().completionStage(coming.copy()).await().atMost(PATIENCE);
    } catch (RuntimeException e) {
      coming.thenAccept(Transactions::giveBack);
      throw e;
    }
  }

  private static void giveBack(SqlConnection connection) {
    connection.close().subscribe().with(done -> {}, failure -> {});
  }
}
