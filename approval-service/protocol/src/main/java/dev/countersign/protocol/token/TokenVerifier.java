package dev.countersign.protocol.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;

/**
 * Verifies tokens against a trust file: who may sign what, with which keys. Thread-safe; remembers
 * a bounded number of proven signatures.
 *
 * <p>The trust file is {@code
 * {"issuers":[{"iss":"…","may":["session","assertion"],"assertions":{…}, "jwks":{"keys":[…]}}]}}.
 * Key ids are unique in the file. Two live keys per issuer allow rotation. What an issuer's
 * assertions may claim: {@link AssertionLimits}.
 */
public final class TokenVerifier {
  /** The audience of every token of this system. */
  public static final String AUDIENCE = "countersign";

  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final long YEAR_10000 = 253_402_300_800L;
  private static final int CACHE = 10_000;
  private static final int MAX_TOKEN = 16 * 1024;

  /**
   * @param limits of its assertions; null for an issuer that may make none
   */
  private record Key(String issuer, Set<TokenType> may, AssertionLimits limits, PublicKey key) {}

  private final Map<String, Key> keys;
  private final Map<String, TokenClaims> proven =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, TokenClaims> eldest) {
              return size() > CACHE;
            }
          });

  private TokenVerifier(Map<String, Key> keys) {
    this.keys = Map.copyOf(keys);
  }

  /** Reads a trust file. */
  public static TokenVerifier load(Path file) {
    try {
      return parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read trust file " + file, e);
    }
  }

  /**
   * Reads the text of a trust file.
   *
   * @throws IllegalArgumentException if it is no trust file, or names no key
   */
  public static TokenVerifier parse(byte[] trust) {
    Map<String, Key> keys = new HashMap<>();
    for (JsonNode issuer : Json.readTree(trust).path("issuers")) {
      if (issuer.path("iss").asText().isEmpty()) {
        throw new IllegalArgumentException("every issuer in the trust file needs its \"iss\"");
      }
      Set<TokenType> may = new HashSet<>();
      issuer.path("may").forEach(t -> may.add(type(t.asText())));
      AssertionLimits limits =
          may.contains(TokenType.ASSERTION)
              ? AssertionLimits.read(issuer.path("iss").asText(), issuer)
              : null;
      try {
        for (JsonWebKey key : new JsonWebKeySet(issuer.path("jwks").toString()).getJsonWebKeys()) {
          Key entry = new Key(issuer.path("iss").asText(), may, limits, publicKey(key));
          if (key.getKeyId() == null || keys.put(key.getKeyId(), entry) != null) {
            throw new IllegalArgumentException("every key in the trust file needs its own kid");
          }
        }
      } catch (JoseException e) {
        throw new IllegalArgumentException("the trust file has an unreadable key set", e);
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("the trust file names no key");
    }
    return new TokenVerifier(keys);
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
    String fingerprint = Digest.of(token);
    TokenClaims claims = proven.get(fingerprint);
    if (claims == null) {
      claims = prove(token);
      proven.put(fingerprint, claims);
    }
    if (!List.of(allowed).contains(claims.type())) {
      throw new TokenException(
          "wrong_type", "a token of type " + claims.type().claim() + " does not do here");
    }
    if (at.isAfter(claims.expiresAt().plus(SKEW))) {
      throw new TokenException("expired_token", "the token expired at " + claims.expiresAt());
    }
    if (at.isBefore(claims.issuedAt().minus(SKEW))) {
      throw new TokenException("not_yet_valid", "the token is valid from " + claims.issuedAt());
    }
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

  private TokenClaims prove(String token) throws TokenException {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmConstraints(
        new AlgorithmConstraints(
            AlgorithmConstraints.ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256));
    try {
      jws.setCompactSerialization(token);
      Key key = jws.getKeyIdHeaderValue() == null ? null : keys.get(jws.getKeyIdHeaderValue());
      if (key == null) {
        throw new TokenException("unknown_key", "the token names no key that is trusted here");
      }
      jws.setKey(key.key());
      if (!jws.verifySignature()) {
        throw new TokenException("bad_signature", "the token's signature is wrong");
      }
      return claims(JwtClaims.parse(jws.getPayload()), key);
    } catch (JoseException
        | InvalidJwtException
        | MalformedClaimException
        | IllegalArgumentException e) {
      throw new TokenException("malformed_token", "the token is not a signed JWT of this system");
    }
  }

  private static TokenClaims claims(JwtClaims jwt, Key key)
      throws MalformedClaimException, TokenException {
    TokenType type = type(String.valueOf(jwt.getClaimValue("typ")));
    if (!key.may().contains(type)) {
      throw new TokenException(
          "wrong_type", key.issuer() + " may not make tokens of type " + type.claim());
    }
    if (!key.issuer().equals(jwt.getIssuer())
        || !jwt.hasAudience()
        || !jwt.getAudience().contains(AUDIENCE)
        || empty(jwt.getSubject())
        || !plausible(jwt.getExpirationTime())
        || !plausible(jwt.getIssuedAt())
        || !jwt.isClaimValueString("tenant")
        || empty(jwt.getStringClaimValue("tenant"))) {
      throw new TokenException("malformed_token", "the token lacks a claim this system needs");
    }
    Map<String, Object> extra = new HashMap<>(jwt.getClaimsMap());
    extra.values().removeIf(java.util.Objects::isNull);
    TokenClaims claims =
        new TokenClaims(
            type,
            jwt.getIssuer(),
            jwt.getSubject(),
            jwt.getStringClaimValue("tenant"),
            jwt.hasClaim("roles") ? jwt.getStringListClaimValue("roles") : List.of(),
            Instant.ofEpochSecond(jwt.getIssuedAt().getValue()),
            Instant.ofEpochSecond(jwt.getExpirationTime().getValue()),
            extra);
    if (type == TokenType.ASSERTION) {
      key.limits().check(claims);
    }
    return claims;
  }

  private static PublicKey publicKey(JsonWebKey key) {
    if (key instanceof RsaJsonWebKey rsa) {
      return rsa.getRsaPublicKey();
    }
    throw new IllegalArgumentException("the trust file may hold RSA keys only");
  }

  private static boolean empty(String text) {
    return text == null || text.isEmpty();
  }

  private static boolean plausible(NumericDate date) {
    return date != null && date.getValue() >= 0 && date.getValue() < YEAR_10000;
  }

  private static TokenType type(String claim) {
    for (TokenType type : TokenType.values()) {
      if (type.claim().equals(claim)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no token type " + claim);
  }
}
