package dev.countersign.gateway.requests;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.CallerLimit;
import dev.countersign.gateway.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Caps how many requests and session commands of one user wait here at once. A person's own
 * commands count apart from those of the agents that run for them: no crowd of these keeps a person
 * from closing its sessions.
 */
@ApplicationScoped
public class InFlight {
  private final CallerLimit limit;
  private final String refusal;

  @Inject
  public InFlight(GatewayConfig config) {
    this(config.requests().maxInFlightPerUser());
  }

  InFlight(int max) {
    this.limit = new CallerLimit(max);
    this.refusal =
        "At most " + max + " requests of one user may wait at once; send it again later.";
  }

  /** Runs something that counts until its future ends, or fails with 429. */
  public <T> CompletableFuture<T> count(Caller caller, Supplier<CompletableFuture<T>> work) {
    Runnable end = limit.begin(caller, refusal);
    CompletableFuture<T> result;
    try {
      result = work.get();
    } catch (RuntimeException e) {
      end.run();
      throw e;
    }
    return result.whenComplete((value, failure) -> end.run());
  }
}
