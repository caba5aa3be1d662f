package dev.countersign.store;

import dev.countersign.preflight.Preflight;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenVerifier;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;

/** Makes what the rest of the service asks for: keys to verify and to sign with, and the clock. */
@ApplicationScoped
public class TrustedKeys {
  /**
   * Without keys nothing could be proven, and what the store says with a key that nobody trusts
   * would be ignored: then the service does not start.
   */
  void check(@Observes StartupEvent event, TokenVerifier verifier, TokenSigner signer) {
    Instant now = Instant.now();
    byte[] said = new byte[0];
    String assertion = StoreSignature.ofReply(signer, "default", said, now);
    try {
      StoreSignature.check(verifier, said, assertion, now);
    } catch (TokenException e) {
      throw Preflight.refusal(
          "permission-store",
          "countersign.signing-key-file must hold the key of the issuer permission-store, and"
              + " countersign.trust-file must name it: "
              + e.getMessage());
    }
  }

  @Produces
  @Singleton
  TokenVerifier verifier(StoreConfig config) {
    return TokenVerifier.load(config.trustFile());
  }

  @Produces
  @Singleton
  TokenSigner signer(StoreConfig config) {
    return TokenSigner.load(config.signingKeyFile());
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
