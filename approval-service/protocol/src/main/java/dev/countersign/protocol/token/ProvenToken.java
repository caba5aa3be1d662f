package dev.countersign.protocol.token;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;

/**
 * The claims of a token whose signature is proven.
 *
 * @param notBefore of the claim {@code nbf}; {@link Instant#MIN} where there is none
 */
record ProvenToken(TokenClaims claims, Instant notBefore) {
  private static final Duration SKEW = TokenVerifier.CLOCK_SKEW;
  private static final long YEAR_10000 = 253_402_300_800L;

  /** What identity providers write for an access token, in the claim or in the header. */
  private static final Set<String> ACCESS_TOKEN = Set.of("jwt", "at+jwt", "application/at+jwt");

  private static final List<String> OF_AN_ID_TOKEN = List.of("at_hash", "c_hash", "nonce");
  private static final String BEARER = "bearer";

  /**
   * Reads the claims.
   *
   * @param headerType the {@code typ} of the header; null if it has none
   * @throws TokenException naming the claim that is missing or wrong
   */
  static ProvenToken of(JwtClaims jwt, TrustedKey key, Object headerType) throws TokenException {
    TokenType type = type(jwt, key, headerType);
    if (!key.may().contains(type)) {
      throw new TokenException(
          "wrong_type", key.issuer() + " may not make tokens of type " + type.claim());
    }
    if (!key.issuer().equals(text(jwt, "iss"))) {
      throw wrong("iss", "must be " + key.issuer() + ", whose key it is signed with");
    }
    audience(jwt);
    Map<String, Object> extra = new HashMap<>(jwt.getClaimsMap());
    extra.values().removeIf(Objects::isNull);
    TokenClaims claims =
        new TokenClaims(
            type,
            key.issuer(),
            text(jwt, "sub"),
            text(jwt, "tenant"),
            roles(jwt),
            time(jwt, "iat"),
            time(jwt, "exp"),
            extra);
    Nameable.check(type, jwt);
    return new ProvenToken(claims, jwt.hasClaim("nbf") ? time(jwt, "nbf") : Instant.MIN);
  }

  /** Fails unless the token is valid at this instant, give or take a clock's error. */
  void checkTime(Instant at) throws TokenException {
    if (at.isAfter(claims.expiresAt().plus(SKEW))) {
      throw new TokenException("expired_token", "the token expired at " + claims.expiresAt());
    }
    Instant from = notBefore.isAfter(claims.issuedAt()) ? notBefore : claims.issuedAt();
    if (at.isBefore(from.minus(SKEW))) {
      throw new TokenException("not_yet_valid", "the token is valid from " + from);
    }
  }

  /** An identity provider that makes nothing else need not know this system's word for it. */
  private static TokenType type(JwtClaims jwt, TrustedKey key, Object headerType)
      throws TokenException {
    Object typ = jwt.getClaimValue("typ");
    if (key.ofPeopleOnly()) {
      if (headerType != null && !ACCESS_TOKEN.contains(lower(headerType))) {
        throw new TokenException(
            "malformed_token", "the token's header \"typ\" must be JWT or at+jwt, or absent");
      }
      notAnIdToken(jwt, typ == null && !says(headerType, "at+jwt"));
      String word = typ == null ? BEARER : lower(typ);
      if (word.equals(BEARER) || ACCESS_TOKEN.contains(word)) {
        return TokenType.PERSON;
      }
    }
    try {
      return TokenType.of(String.valueOf(typ));
    } catch (IllegalArgumentException e) {
      throw wrong(
          "typ",
          key.ofPeopleOnly()
              ? "must be person, Bearer, JWT or at+jwt, or absent"
              : "must be the type of the token, such as session");
    }
  }

  /**
   * An ID token tells an application who has logged in; it is not for calling anything.
   *
   * @param untold whether nothing else says that it is an access token; such a one may hold a nonce
   */
  private static void notAnIdToken(JwtClaims jwt, boolean untold) throws TokenException {
    for (String claim : OF_AN_ID_TOKEN) {
      if (jwt.hasClaim(claim) && (untold || !claim.equals("nonce"))) {
        throw wrong(claim, "is an ID token's; send the access token");
      }
    }
  }

  private static boolean says(Object headerType, String word) {
    return headerType != null && lower(headerType).endsWith(word);
  }

  private static String lower(Object word) {
    return word.toString().toLowerCase(Locale.ROOT);
  }

  private static void audience(JwtClaims jwt) throws TokenException {
    try {
      if (jwt.hasAudience() && jwt.getAudience().contains(TokenVerifier.AUDIENCE)) {
        return;
      }
    } catch (MalformedClaimException e) {
      // as wrong as another audience
    }
    throw wrong("aud", "must be or contain " + TokenVerifier.AUDIENCE);
  }

  private static String text(JwtClaims jwt, String name) throws TokenException {
    if (jwt.getClaimValue(name) instanceof String value && !value.isEmpty()) {
      return value;
    }
    throw wrong(name, "is required, a string that is not empty");
  }

  private static List<String> roles(JwtClaims jwt) throws TokenException {
    try {
      return jwt.hasClaim("roles") ? jwt.getStringListClaimValue("roles") : List.of();
    } catch (MalformedClaimException e) {
      throw wrong("roles", "must be a list of strings, or absent");
    }
  }

  private static Instant time(JwtClaims jwt, String name) throws TokenException {
    try {
      NumericDate date = jwt.getNumericDateClaimValue(name);
      if (date != null && date.getValue() >= 0 && date.getValue() < YEAR_10000) {
        return Instant.ofEpochSecond(date.getValue());
      }
    } catch (MalformedClaimException e) {
      // as wrong as a time that cannot be
    }
    throw wrong(name, "is required, a time in seconds since 1970");
  }

  private static TokenException wrong(String claim, String what) {
    return new TokenException("malformed_token", "the token's claim \"" + claim + "\" " + what);
  }
}
