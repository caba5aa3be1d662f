package dev.countersign.protocol.token;

import dev.countersign.protocol.Identifiers;
import java.util.function.Predicate;
import org.jose4j.jwt.JwtClaims;

/** Whoever a token names can be named everywhere else: in records, keys, rows and addresses. */
final class Nameable {
  private Nameable() {}

  /**
   * Passes only names that are valid everywhere.
   *
   * @throws TokenException {@code invalid_claim}, naming the claim and its rule
   */
  static void check(TokenType type, JwtClaims jwt) throws TokenException {
    named("tenant", jwt, Identifiers::isId, Identifiers.ID_RULE);
    if (type == TokenType.SESSION) {
      named("sub", jwt, Identifiers::isId, Identifiers.ID_RULE);
      named(TokenClaims.OWNER, jwt, Identifiers::isUser, Identifiers.USER_RULE);
    } else {
      named("sub", jwt, Identifiers::isUser, Identifiers.USER_RULE);
      named(TokenClaims.ACTING_SESSION, jwt, Identifiers::isId, Identifiers.ID_RULE);
    }
  }

  private static void named(String claim, JwtClaims jwt, Predicate<String> right, String rule)
      throws TokenException {
    Object value = jwt.getClaimValue(claim);
    if (value != null && !(value instanceof String text && right.test(text))) {
      throw new TokenException("invalid_claim", "the token's claim " + claim + " " + rule);
    }
  }
}
