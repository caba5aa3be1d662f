package dev.countersign.protocol.token;

import dev.countersign.protocol.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;

/**
 * Verifies tokens against a trust file: who may sign what, with which keys. Thread-safe; remembers
 * a bounded number of proven signatures.
 *
 * <p>The trust file is {@code
 * {"issuers":[{"iss":"…","may":["session","assertion"],"assertions":{…}, "jwks":{"keys":[…]}}]}}.
 * Key ids are unique in the file. Two live keys per issuer allow rotation. An identity provider may
 * have a {@code jwksUri} in place of {@code jwks}. Which tenants an issuer's tokens may name:
 * {@link Tenants}; what its assertions may claim: {@link AssertionLimits}; what every token must:
 * {@link ProvenToken}.
 */
public final class TokenVerifier {
  /** The audience of every token of this system. */
  public static final String AUDIENCE = "countersign";

  /** How far the clocks of who makes a token and of who proves it may be apart. */
  public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private static final int MAX_TOKEN = 16 * 1024;

  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final Supplier<Trust> trust;

  private TokenVerifier(Supplier<Trust> trust) {
    this.trust = trust;
  }

  /**
   * Reads a trust file, and again whenever it changes. Waits for the key sets that it names, but
   * {@link LimitedGet#LONGEST} at most.
   *
   * @throws IllegalArgumentException if it is no trust file, or names no key
   */
  public static TokenVerifier load(Path file) {
    try {
      TrustWatch watch = new TrustWatch(file);
      watch.refresh(Instant.now()).join();
      TrustWatch.keepFresh(watch, REFRESH);
      return of(watch);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read trust file " + file, e);
    }
  }

  /**
   * Reads the text of a trust file, once.
   *
   * @throws IllegalArgumentException if it is no trust file, or names no key
   */
  public static TokenVerifier parse(byte[] trust) {
    Trust parsed = Trust.parse(trust);
    return new TokenVerifier(() -> parsed);
  }

  /** Believes at any time what is trusted then. A token of a key that is gone is refused. */
  static TokenVerifier of(TrustWatch watch) {
    return new TokenVerifier(watch::trust);
  }

  /**
   * Verifies a token as of an instant (for a record: its append time, so lag expires nothing).
   *
   * @param allowed the types that will do here
   */
  public TokenClaims verify(String token, Instant at, TokenType... allowed) throws TokenException {
    if (token == null || token.isEmpty()) {
      throw new TokenException("missing_token", "no token was sent");
    }
    if (token.length() > MAX_TOKEN) {
      throw new TokenException("malformed_token", "the token is longer than 16 KiB");
    }
    Trust now = trust.get();
    String fingerprint = Digest.of(token);
    ProvenToken proven = now.proven().get(fingerprint);
    if (proven == null) {
      proven = prove(token, now);
      now.proven().put(fingerprint, proven);
    }
    TokenClaims claims = proven.claims();
    if (!List.of(allowed).contains(claims.type())) {
      throw new TokenException(
          "wrong_type", "a token of type " + claims.type().claim() + " does not do here");
    }
    proven.checkTime(at);
    return claims;
  }

  /** Verifies an assertion and that it stands for exactly this value and purpose. */
  public TokenClaims verifyAssertion(String token, Instant at, String purpose, byte[] value)
      throws TokenException {
    TokenClaims claims = verify(token, at, TokenType.ASSERTION);
    if (!purpose.equals(claims.text(TokenClaims.PURPOSE))) {
      throw new TokenException("wrong_type", "the assertion is for another purpose");
    }
    if (!Digest.of(value).equals(claims.text(TokenClaims.VALUE_DIGEST))) {
      throw new TokenException("bad_signature", "the assertion was made for another value");
    }
    return claims;
  }

  private static ProvenToken prove(String token, Trust trust) throws TokenException {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmConstraints(
        new AlgorithmConstraints(
            AlgorithmConstraints.ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256));
    try {
      jws.setCompactSerialization(token);
      TrustedKey key = trust.key(claimedIssuer(jws), jws.getKeyIdHeaderValue());
      if (key == null) {
        throw new TokenException("unknown_key", "the token names no key that is trusted here");
      }
      jws.setKey(key.key());
      if (!jws.verifySignature()) {
        throw new TokenException("bad_signature", "the token's signature is wrong");
      }
      Object headerType = jws.getHeaders().getObjectHeaderValue("typ");
      ProvenToken proven = ProvenToken.of(JwtClaims.parse(jws.getPayload()), key, headerType);
      key.tenants().check(proven.claims());
      if (proven.claims().type() == TokenType.ASSERTION) {
        key.limits().check(proven.claims());
      }
      return proven;
    } catch (JoseException | InvalidJwtException | RuntimeException e) {
      // The library casts what it finds in a token to what it expects there.
      throw new TokenException("malformed_token", "the token is not a signed JWT of this system");
    }
  }

  /** Only to find the key; nothing is believed before the signature is verified. */
  private static String claimedIssuer(JsonWebSignature jws) throws InvalidJwtException {
    return JwtClaims.parse(jws.getUnverifiedPayload()).getClaimValue("iss") instanceof String issuer
        ? issuer
        : null;
  }
}
