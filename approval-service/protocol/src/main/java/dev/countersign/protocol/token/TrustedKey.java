package dev.countersign.protocol.token;

import java.security.PublicKey;
import java.util.Set;

/**
 * A public key and what its issuer may sign with it.
 *
 * @param tenants the tenants that its tokens of every type may name
 * @param limits of the issuer's assertions; null for one that may make none
 */
record TrustedKey(
    String issuer, Set<TokenType> may, Tenants tenants, AssertionLimits limits, PublicKey key) {
  TrustedKey {
    may = Set.copyOf(may);
  }

  /** Whether the issuer is an identity provider and nothing else. */
  boolean ofPeopleOnly() {
    return may.equals(Set.of(TokenType.PERSON));
  }
}
