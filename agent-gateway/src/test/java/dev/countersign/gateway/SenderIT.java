package dev.countersign.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.kafka.Sender;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sending, as seen by the request that sends. */
@QuarkusTest
class SenderIT extends GatewayTestBase {
  @Inject Sender sender;
  @Inject Vertx vertx;

  /** Whatever answers a request there has its scope taken away while it writes. */
  @Test
  void whatFollowsASendDoesNotRunInTheContextOfTheRequest() throws Exception {
    for (int i = 0; i < 20; i++) {
      CompletableFuture<String> followed = new CompletableFuture<>();
      Context request = VertxContext.getOrCreateDuplicatedContext(vertx);
      request.runOnContext(
          start ->
              sender
                  .sendAsAgent(cancel(), UUID.randomUUID().toString(), agent())
                  .whenComplete((ok, failure) -> followed.complete(where(failure))));
      assertEquals("no context", followed.get(60, TimeUnit.SECONDS));
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

  private static Caller agent() {
    return new Caller(
        new TokenClaims(
            TokenType.SESSION,
            "agent-gateway",
            "s-1",
            "default",
            List.of(),
            Instant.EPOCH,
            Instant.MAX,
            Map.of()),
        "token");
  }
}
