package dev.countersign.approval.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.approval.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What the service asks of its pool, and what it gives back to it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class DatabaseIT {
  @Inject Database database;
  @Inject Vertx vertx;

  @ConfigProperty(name = "quarkus.datasource.reactive.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.username")
  String user;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  @Test
  void whoGivesUpWaitingForAConnectionCostsThePoolNone() throws Exception {
    Pool pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(PgConnectOptions.fromUri(url).setUser(user).setPassword(password))
            .using(vertx)
            .build();
    Database hasty = new Database(pool, Duration.ofMillis(500));
    Database patient = new Database(pool, Duration.ofSeconds(20));
    try {
      assertEquals(1, one(patient));
      CountDownLatch enough = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      CompletableFuture<Void> holder =
          CompletableFuture.runAsync(
              () ->
                  patient.transaction(
                      connection -> {
                        held.countDown();
                        return await(enough);
                      }));
      await(held);
      assertThrows(TimeoutException.class, () -> one(hasty));
      enough.countDown();
      holder.get(60, TimeUnit.SECONDS);
      assertEquals(1, one(patient));
    } finally {
      pool.closeAndAwait();
    }
  }

  @Test
  void whatFollowsACommitIsDoneOnceAndAfterNoRollback() {
    AtomicInteger done = new AtomicInteger();
    database.transaction(
        connection -> {
          database.afterCommit(connection, done::incrementAndGet);
          assertEquals(0, done.get());
          return null;
        });
    assertEquals(1, done.get());
    assertThrows(
        IllegalStateException.class,
        () ->
            database.transaction(
                connection -> {
                  database.afterCommit(connection, done::incrementAndGet);
                  throw new IllegalStateException("rolled back");
                }));
    assertEquals(1, done.get());
  }

  @Test
  void aTransactionThatIsTriedAgainIsFollowedOnce() {
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    database.transaction(
        connection -> {
          database.afterCommit(connection, done::incrementAndGet);
          if (tries.incrementAndGet() < 3) {
            Database.query(
                connection,
                "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$",
                io.vertx.mutiny.sqlclient.Tuple.tuple());
          }
          return null;
        });
    assertEquals(3, tries.get());
    assertEquals(1, done.get());
  }

  /** A replica that stands still, or waits for one that does, keeps its rows no longer. */
  @Test
  void postgresEndsWhatTheServiceNoLongerWaitsFor() {
    assertEquals("15s", setting("idle_in_transaction_session_timeout"));
    assertEquals("10s", setting("lock_timeout"));
    assertEquals("18s", setting("statement_timeout"));
  }

  private String setting(String name) {
    return database.query("SELECT current_setting($1)", name).get(0).getString(0);
  }

  private static int one(Database database) {
    return database.transaction(
        connection ->
            Database.query(connection, "SELECT 1", io.vertx.mutiny.sqlclient.Tuple.tuple())
                .get(0)
                .getInteger(0));
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
