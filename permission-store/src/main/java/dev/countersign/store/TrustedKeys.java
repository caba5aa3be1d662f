package dev.countersign.store;

import dev.countersign.protocol.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Makes what the rest of the service asks for: the verifier of tokens, and the clock. */
@ApplicationScoped
public class TrustedKeys {
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
