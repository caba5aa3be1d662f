package dev.countersign.gateway.identity;

import java.time.Instant;

/** A signed session token and when it ends. */
public record SessionToken(String token, Instant expiresAt) {
  /** Never the token. */
  @Override
  public String toString() {
    return "session token until " + expiresAt;
  }
}
