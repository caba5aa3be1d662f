package dev.countersign.approval.http;

import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Finds out who calls. */
@ApplicationScoped
public class Callers {
  private static final String BEARER = "Bearer ";

  private final TokenVerifier verifier;

  public Callers(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  /**
   * The caller that an {@code Authorization} header proves.
   *
   * @throws ProblemException 401 if it proves none
   */
  public Caller of(String authorization) {
    String token =
        authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? authorization.substring(BEARER.length()).strip()
            : null;
    try {
      return new Caller(verifier.verify(token, Instant.now(), TokenType.SESSION, TokenType.PERSON));
    } catch (TokenException e) {
      throw new ProblemException(
          401, e.code(), "The token does not prove who calls", e.getMessage());
    }
  }
}
