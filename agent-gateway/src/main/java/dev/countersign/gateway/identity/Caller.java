package dev.countersign.gateway.identity;

import dev.countersign.gateway.http.Problems;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;

/** Who sent an HTTP request, proven, and the token that proves it. */
public record Caller(TokenClaims claims, String token) {
  public boolean isPerson() {
    return claims.type() == TokenType.PERSON;
  }

  public boolean isAdmin() {
    return isPerson() && claims.roles().contains(Roles.ADMIN);
  }

  /** The person, or the user the session runs for. */
  public String user() {
    return isPerson() ? claims.subject() : claims.text(TokenClaims.OWNER);
  }

  /**
   * As whom it is counted where there is only so much for each: an agent never uses up what the
   * person it runs for needs to answer it, nor does a crowd of them.
   */
  public String holder() {
    return (isPerson() ? "person " : "agents ") + tenant() + "/" + user();
  }

  /** The session of a session token; null for a person. */
  public String session() {
    return isPerson() ? null : claims.subject();
  }

  /**
   * The client that the sessions of this caller answer to where they name none: an agent's own.
   *
   * @see TokenClaims#CLIENT
   */
  public String client() {
    String own = isPerson() ? null : claims.text(TokenClaims.CLIENT);
    return own == null ? Identifiers.DEFAULT_CLIENT : own;
  }

  /** Passes only the session's own token. */
  public void mustOwn(String sessionId) {
    if (!sessionId.equals(session())) {
      throw Problems.of(
          403,
          "not_your_session",
          "This session is another one's.",
          "The token is for session " + session() + ".");
    }
  }

  public String tenant() {
    return claims.tenant();
  }

  /** Never the token. */
  @Override
  public String toString() {
    return claims.type().claim() + " " + claims.subject();
  }
}
