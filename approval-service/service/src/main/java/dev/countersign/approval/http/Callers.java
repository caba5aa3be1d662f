package dev.countersign.approval.http;

import dev.countersign.protocol.Identifiers;
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

  /**
   * The person that a request about one user comes from: that user, or an admin.
   *
   * @throws ProblemException if it comes from anybody else
   */
  Caller forUser(String authorization, String user) {
    Caller caller = forUserOrAgent(authorization, user);
    if (caller.agent()) {
      throw new ProblemException(
          403,
          "agents_cannot_answer",
          "Agents cannot change permissions",
          "a session's token cannot read or give what a person allows");
    }
    return caller;
  }

  /** The same, or an agent that runs for the user. */
  Caller forUserOrAgent(String authorization, String user) {
    Caller caller = of(authorization);
    if (!Identifiers.isUser(user)) {
      throw new ProblemException(
          400, "invalid_user", "This is no user id", "a user " + Identifiers.USER_RULE);
    }
    if (!user.equals(caller.actsFor()) && !caller.admin()) {
      throw new ProblemException(
          403, "not_authorised", "This is another user's", "only the user or an admin may do this");
    }
    return caller;
  }
}
