package dev.countersign.approval.config;

import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Loads the keys that this service trusts and the one it signs with. */
@ApplicationScoped
public class Tokens {
  @Produces
  @Singleton
  TokenVerifier verifier(ApprovalConfig config) {
    return TokenVerifier.load(config.trustFile());
  }

  @Produces
  @Singleton
  TokenSigner signer(ApprovalConfig config) {
    return TokenSigner.load(config.signingKeyFile());
  }
}
