package dev.countersign.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An event loop serves many users: nothing that grows with its input is done there. */
class WorkersTest {
  private final Vertx vertx = Vertx.vertx();

  /** Where something ran. */
  private record Place(boolean eventLoop, Context context) {
    static Place here() {
      return new Place(Context.isOnEventLoopThread(), Vertx.currentContext());
    }
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void whatAnEventLoopAsksForIsDoneElsewhereAndItsOutcomeComesBackThere() throws Exception {
    Context loop = vertx.getOrCreateContext();
    CompletableFuture<Place> worked = new CompletableFuture<>();
    CompletableFuture<Place> told = new CompletableFuture<>();
    loop.runOnContext(
        ignored ->
            Workers.compute(() -> worked.complete(Place.here()))
                .subscribe()
                .with(done -> told.complete(Place.here()), told::completeExceptionally));
    assertFalse(worked.get(60, TimeUnit.SECONDS).eventLoop());
    assertTrue(told.get(60, TimeUnit.SECONDS).eventLoop());
    assertSame(loop, told.get().context());
  }

  @Test
  void whoIsOnNoContextGetsTheOutcomeAllTheSame() {
    assertEquals(1, Workers.compute(() -> 1).await().indefinitely());
  }
}
