package dev.countersign.gateway.identity;

import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Callers whose tokens nobody verifies. */
public final class Callers {
  private Callers() {}

  /** The agent of a user's session. */
  public static Caller agentOf(String user, String session) {
    return new Caller(
        new TokenClaims(
            TokenType.SESSION,
            "agent-gateway",
            session,
            "default",
            List.of(),
            Instant.EPOCH,
            Instant.MAX,
            Map.of(TokenClaims.OWNER, user)),
        "token");
  }

  /** A person who may answer prompts. */
  public static Caller person(String tenant, String name) {
    return person(tenant, name, Instant.MAX);
  }

  /** A person who may answer prompts, with a token that ends. */
  public static Caller person(String tenant, String name, Instant until) {
    return new Caller(
        new TokenClaims(
            TokenType.PERSON,
            "people",
            name,
            tenant,
            List.of("approver"),
            Instant.EPOCH,
            until,
            Map.of()),
        "token");
  }
}
