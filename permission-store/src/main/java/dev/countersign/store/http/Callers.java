package dev.countersign.store.http;

import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import dev.countersign.store.users.UserKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/**
 * Proves who calls, and that they may. An agent may read the document of the user it runs for; what
 * it wants changed goes through the approval service, which knows what it may.
 */
@ApplicationScoped
class Callers {
  private static final String BEARER = "bearer ";

  private final TokenVerifier verifier;
  private final Clock clock;

  Callers(TokenVerifier verifier, Clock clock) {
    this.verifier = verifier;
    this.clock = clock;
  }

  /** The caller of a request about one user. */
  Caller forUser(String authorization, String user) {
    TokenClaims claims = person(authorization);
    if (!Identifiers.isUser(user)) {
      throw Problems.exception("invalid_user", "a user " + Identifiers.USER_RULE);
    }
    if (!claims.subject().equals(user) && !claims.roles().contains(Roles.ADMIN)) {
      throw Problems.exception("not_authorised", "only the user or an admin may do this");
    }
    return new Caller(
        claims.subject(), new UserKey(claims.tenant(), user), Roles.mayAnswer(claims.roles()));
  }

  /** The reader of one user's document: also an agent that runs for this user. */
  UserKey readerOf(String authorization, String user) {
    TokenClaims claims = proven(authorization);
    if (claims.type() == TokenType.PERSON) {
      return forUser(authorization, user).user();
    }
    String owner = claims.text(TokenClaims.OWNER);
    if (!Identifiers.isUser(user) || !user.equals(owner)) {
      throw Problems.exception(
          "not_authorised", "an agent may read only the document of the user it runs for");
    }
    return new UserKey(claims.tenant(), user);
  }

  /** The tenant of an admin. */
  String tenantOfAdmin(String authorization) {
    return admin(authorization).tenant();
  }

  /** An admin. */
  TokenClaims admin(String authorization) {
    TokenClaims claims = person(authorization);
    if (!claims.roles().contains(Roles.ADMIN)) {
      throw Problems.exception("not_authorised", "only an admin may do this");
    }
    return claims;
  }

  private TokenClaims person(String authorization) {
    TokenClaims claims = proven(authorization);
    if (claims.type() == TokenType.SESSION) {
      throw Problems.exception(
          "agents_cannot_answer", "a session's token cannot change permissions here");
    }
    return claims;
  }

  /** Whoever a token proves: a person or a session. */
  TokenClaims proven(String authorization) {
    boolean bearer =
        authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    String token = bearer ? authorization.substring(BEARER.length()).trim() : null;
    try {
      return verifier.verify(token, clock.instant(), TokenType.PERSON, TokenType.SESSION);
    } catch (TokenException e) {
      throw Problems.unauthenticated(e.code(), e.getMessage());
    }
  }
}
