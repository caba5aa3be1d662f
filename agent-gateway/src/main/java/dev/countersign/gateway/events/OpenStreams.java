package dev.countersign.gateway.events;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.CallerLimit;
import dev.countersign.gateway.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts the streams of each person: so many at once and no more. Thread-safe; never blocks. */
@ApplicationScoped
public class OpenStreams {
  private final CallerLimit limit;
  private final String refusal;

  @Inject
  OpenStreams(GatewayConfig config) {
    this(config.events().streamsPerPerson());
  }

  OpenStreams(int perPerson) {
    this.limit = new CallerLimit(perPerson);
    this.refusal =
        "You have %d event streams open, as many as one person may; close one."
            .formatted(perPerson);
  }

  /**
   * Counts one more.
   *
   * @return to be run when it has ended; running it again does nothing
   * @throws dev.countersign.gateway.http.ProblemException 429 if the person has as many as may be
   */
  Runnable begin(Caller person) {
    return limit.begin(person, refusal);
  }

  /** How many are open, of all persons together. */
  int open() {
    return limit.going();
  }

  /** How many persons have any open. */
  int persons() {
    return limit.callers();
  }
}
