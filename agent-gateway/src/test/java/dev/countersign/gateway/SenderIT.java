package dev.countersign.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Callers;
import dev.countersign.gateway.kafka.Sender;
import dev.countersign.protocol.PermissionCancel;
import io.quarkus.arc.Arc;
import io.quarkus.arc.InjectableContext.ContextState;
import io.quarkus.arc.ManagedContext;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.context.ThreadContext;
import org.junit.jupiter.api.Test;

/** Sending, as seen by the request that sends. */
@QuarkusTest
class SenderIT extends GatewayTestBase {
  private static final Caller AGENT = Callers.agentOf("alice", "s-1");

  @Inject Sender sender;
  @Inject Vertx vertx;

  @Inject
  @Identifier("out")
  InsideSend inside;

  /** Whatever answers a request there has its scope taken away while it writes. */
  @Test
  void whatFollowsASendDoesNotRunInTheContextOfTheRequest() throws Exception {
    for (int i = 0; i < 20; i++) {
      CompletableFuture<String> followed = new CompletableFuture<>();
      CountDownLatch waits = new CountDownLatch(1);
      inside.once(() -> await(waits));
      Context request = VertxContext.getOrCreateDuplicatedContext(vertx);
      request.runOnContext(
          start -> {
            sender
                .sendAsAgent(cancel(), UUID.randomUUID().toString(), AGENT)
                .whenComplete((ok, failure) -> followed.complete(where(failure)));
            waits.countDown();
          });
      assertEquals("no context", followed.get(60, TimeUnit.SECONDS));
    }
  }

  /**
   * The channel works in a section of its own, at whose end it ends whatever scope is then active
   * in the context. A callback that came meanwhile has made the request's scope active there.
   */
  @Test
  void aSendNeverEndsTheScopeOfTheRequest() throws Exception {
    ManagedContext scope = Arc.container().requestContext();
    Context request = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    CountDownLatch active = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    CompletableFuture<Boolean> lives = new CompletableFuture<>();
    CompletableFuture<Context> sentIn = new CompletableFuture<>();
    request.executeBlocking(
        () -> {
          ContextState state = scope.activate();
          Runnable callback =
              ThreadContext.builder()
                  .build()
                  .contextualRunnable(
                      () -> {
                        active.countDown();
                        await(sent);
                      });
          inside.once(
              () -> {
                sentIn.complete(Vertx.currentContext());
                request.runOnContext(start -> callback.run());
                await(active);
              });
          sender
              .sendAsAgent(cancel(), UUID.randomUUID().toString(), AGENT)
              .whenComplete((ok, failure) -> lives.complete(failure == null && state.isValid()));
          return null;
        },
        false);
    assertNull(sentIn.get(60, TimeUnit.SECONDS), "the channel sees the request's context");
    await(active);
    sent.countDown();
    assertTrue(lives.get(60, TimeUnit.SECONDS));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String where(Throwable failure) {
    if (failure != null) {
      return failure.toString();
    }
    return Vertx.currentContext() == null ? "no context" : Thread.currentThread().getName();
  }

  private static PermissionCancel cancel() {
    return new PermissionCancel(null, "s-" + UUID.randomUUID(), "r-1", null);
  }
}
