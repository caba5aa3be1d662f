package dev.countersign.gateway.identity;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.Problems;
import dev.countersign.preflight.Preflight;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Proves who calls, and signs what the gateway says on behalf of whom. */
@Startup
@Singleton
public class Identity {
  private final TokenVerifier verifier;
  private final TokenSigner signer;
  private final Duration sessionLifetime;

  public Identity(GatewayConfig config) {
    // What serves HTTP is made before the start is observed, and needs both files.
    Preflight preflight = new Preflight("agent-gateway");
    preflight.requireOwnKey("countersign.signing-key-file", config.signingKeyFile());
    preflight.requireTrust("countersign.trust-file", config.trustFile());
    this.verifier = TokenVerifier.load(config.trustFile());
    this.signer = TokenSigner.load(config.signingKeyFile());
    this.sessionLifetime = config.sessionTokenLifetime();
  }

  /** A person or a session, from the Authorization header and nowhere else. */
  public Caller caller(HttpHeaders headers) {
    return prove(headers, TokenType.PERSON, TokenType.SESSION);
  }

  /** The same, from the values of that header. */
  public Caller caller(List<String> authorization) {
    return prove(authorization, TokenType.PERSON, TokenType.SESSION);
  }

  /** A session, or 403. */
  public Caller agent(HttpHeaders headers) {
    return prove(headers, TokenType.SESSION);
  }

  /** A person, or 403. */
  public Caller person(HttpHeaders headers) {
    return prove(headers, TokenType.PERSON);
  }

  private Caller prove(HttpHeaders headers, TokenType... allowed) {
    return prove(headers.getRequestHeader(HttpHeaders.AUTHORIZATION), allowed);
  }

  private Caller prove(List<String> authorization, TokenType... allowed) {
    try {
      String token = bearer(authorization);
      return new Caller(verifier.verify(token, Instant.now(), allowed), token);
    } catch (TokenException e) {
      throw Problems.token(e);
    }
  }

  private static String bearer(List<String> values) throws TokenException {
    if (values == null || values.isEmpty()) {
      throw new TokenException("missing_token", "send the header Authorization: Bearer <token>");
    }
    String value = values.get(0).strip();
    if (values.size() > 1 || !value.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw new TokenException("malformed_token", "send one header Authorization: Bearer <token>");
    }
    return value.substring(7).strip();
  }

  /** A token with which an agent may ask in one session. */
  public SessionToken sessionToken(
      String tenant, String sessionId, String owner, String client, Instant now) {
    List<String> topics = List.of(Topics.REPLIES, Topics.replies(client));
    Map<String, Object> claims =
        Map.of(
            TokenClaims.OWNER, owner,
            TokenClaims.CLIENT, client,
            TokenClaims.REPLY_TOPICS, topics);
    String token =
        signer.sign(TokenType.SESSION, sessionId, tenant, List.of(), claims, now, sessionLifetime);
    return new SessionToken(token, now.plus(sessionLifetime));
  }

  /**
   * An id for what a caller means by a text of theirs: the same each time and in every replica, and
   * nobody else can compute it.
   */
  public String derivedId(Caller caller, String what, String text) {
    String acting = caller.session() == null ? "" : caller.session();
    return signer.derivedId(List.of(what, caller.tenant(), caller.user(), acting, text));
  }

  /** The caller a token of our own making stands for. */
  public Caller ownSession(SessionToken token, Instant now) {
    try {
      return new Caller(verifier.verify(token.token(), now, TokenType.SESSION), token.token());
    } catch (TokenException e) {
      throw new IllegalStateException("the gateway's own key is not trusted: " + e.code(), e);
    }
  }

  /**
   * Signs that a caller sent exactly these bytes. An agent's assertion names its session, so it can
   * never pass for a person's. Of the roles in a person's token, those that mean something here are
   * passed on.
   */
  public String assertion(Caller caller, Event event, byte[] value, Instant now) {
    Map<String, Object> extra =
        caller.isPerson() ? Map.of() : Map.of(TokenClaims.ACTING_SESSION, caller.session());
    List<String> roles =
        caller.isPerson()
            ? Roles.OF_PERSONS.stream().filter(caller.claims().roles()::contains).toList()
            : List.of();
    String purpose = EventType.of(event).ceType();
    return signer.signAssertion(caller.user(), caller.tenant(), roles, purpose, value, extra, now);
  }
}
