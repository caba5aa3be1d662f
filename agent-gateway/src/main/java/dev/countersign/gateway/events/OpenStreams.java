package dev.countersign.gateway.events;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts the streams of each person: so many at once and no more. Thread-safe; never blocks. */
@ApplicationScoped
public class OpenStreams {
  private final int perPerson;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  @Inject
  OpenStreams(GatewayConfig config) {
    this(config.events().streamsPerPerson());
  }

  OpenStreams(int perPerson) {
    this.perPerson = perPerson;
  }

  /**
   * Counts one more.
   *
   * @return to be run when it has ended; running it again does nothing
   * @throws dev.countersign.gateway.http.ProblemException 429 if the person has as many as may be
   */
  Runnable begin(Caller person) {
    String key = person.tenant() + "/" + person.user();
    open.compute(
        key,
        (same, count) -> {
          if (count != null && count >= perPerson) {
            throw Problems.tooMany(
                "You have %d event streams open, as many as one person may; close one."
                    .formatted(count));
          }
          return count == null ? 1 : count + 1;
        });
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        open.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
      }
    };
  }

  /** How many persons have any open. */
  int persons() {
    return open.size();
  }
}
