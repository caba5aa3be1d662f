package dev.countersign.gateway.requests;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Caps how many requests and session commands of one user wait here at once. A person's own
 * commands count apart from those of the agents that run for them: no crowd of these keeps a person
 * from closing its sessions.
 */
@ApplicationScoped
public class InFlight {
  private final int max;
  private final Map<String, Integer> byUser = new ConcurrentHashMap<>();

  @Inject
  public InFlight(GatewayConfig config) {
    this(config.requests().maxInFlightPerUser());
  }

  InFlight(int max) {
    this.max = max;
  }

  /** Runs something that counts until its future ends, or fails with 429. */
  public <T> CompletableFuture<T> count(Caller caller, Supplier<CompletableFuture<T>> work) {
    String user =
        (caller.isPerson() ? "person " : "agents ") + caller.tenant() + "/" + caller.user();
    int now = byUser.merge(user, 1, Integer::sum);
    if (now > max) {
      leave(user);
      throw Problems.tooMany(
          "At most " + max + " requests of one user may wait at once; send it again later.");
    }
    CompletableFuture<T> result;
    try {
      result = work.get();
    } catch (RuntimeException e) {
      leave(user);
      throw e;
    }
    return result.whenComplete((value, failure) -> leave(user));
  }

  private void leave(String user) {
    byUser.computeIfPresent(user, (u, count) -> count == 1 ? null : count - 1);
  }
}
