package dev.countersign.store;

import dev.countersign.protocol.token.TokenVerifier;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Objects;

/** Makes what the rest of the service asks for: the verifier of tokens, and the clock. */
@ApplicationScoped
public class TrustedKeys {
  /** Without keys nothing could be proven: then the service does not start. */
  void check(@Observes StartupEvent event, TokenVerifier verifier) {
    Objects.requireNonNull(verifier);
  }

  @Produces
  @Singleton
  TokenVerifier verifier(StoreConfig config) {
    return TokenVerifier.load(config.trustFile());
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
