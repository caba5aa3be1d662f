package dev.countersign.store;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Does work that grows with its input, such as reading a document, on a worker thread: an event
 * loop serves many users.
 */
public final class Workers {
  private Workers() {}

  /** The work's outcome, where it was asked for: on the same Vert.x context, if it was on one. */
  public static <T> Uni<T> compute(Supplier<T> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Context here = Vertx.currentContext();
              Uni<T> done =
                  Uni.createFrom()
                      .item(work)
                      .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
              return here == null
                  ? done
                  : done.emitOn(command -> here.runOnContext(ignored -> command.run()));
            });
  }
}
