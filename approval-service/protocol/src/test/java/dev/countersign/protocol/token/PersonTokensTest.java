package dev.countersign.protocol.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Persons' tokens as identity providers make them. */
class PersonTokensTest extends Tokens {
  private static Map<String, Object> of(Map<String, ?> more) {
    Map<String, Object> claims = claims();
    claims.putAll(Map.of("iss", "people", "sub", "mira", "typ", "person"));
    claims.putAll(more);
    return claims;
  }

  private static String signed(String headerType, Map<String, Object> claims) throws Exception {
    JsonWebSignature jws = jws(AlgorithmIdentifiers.RSA_USING_SHA256, claims);
    if (headerType != null) {
      jws.setHeader("typ", headerType);
    }
    jws.setKeyIdHeaderValue("p1");
    jws.setKey(PEOPLE_KEY.getPrivateKey());
    return jws.getCompactSerialization();
  }

  private TokenException refused(String token) {
    return assertThrows(TokenException.class, () -> verifier.verify(token, NOW, TokenType.PERSON));
  }

  @ParameterizedTest
  @CsvSource({
    "person,",
    "Bearer, JWT",
    "bearer,",
    "JWT, JWT",
    "at+jwt, at+jwt",
    ", at+jwt",
    ", JWT",
    ",",
    "Bearer, application/at+jwt"
  })
  void whatProvidersCallAnAccessTokenIsAPersons(String claim, String header) throws Exception {
    Map<String, Object> claims = of(Map.of("roles", List.of("approver")));
    claims.remove("typ");
    if (claim != null) {
      claims.put("typ", claim);
    }
    TokenClaims read = verifier.verify(signed(header, claims), NOW, TokenType.PERSON);
    assertEquals("mira", read.subject());
    assertEquals(TokenType.PERSON, read.type());
    assertEquals(List.of("approver"), read.roles());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ID", "Refresh", "Offline", "Logout", ""})
  void anotherTokenOfAProviderIsNone(String typ) throws Exception {
    TokenException e = refused(signed(null, of(Map.of("typ", typ))));
    assertEquals("malformed_token", e.code());
    assertTrue(e.getMessage().contains("\"typ\" must be person, Bearer"), e.getMessage());
    TokenException logout = refused(signed("logout+jwt", of(Map.of())));
    assertTrue(logout.getMessage().contains("header \"typ\""), logout.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "at_hash, , , false",
    "at_hash, Bearer, JWT, false",
    "c_hash, , at+jwt, false",
    "nonce, , , false",
    "nonce, , JWT, false",
    "nonce, Bearer, JWT, true",
    "nonce, , at+jwt, true"
  })
  void anIdTokenWithoutATypeIsKnownByItsClaims(
      String claim, String typ, String header, boolean passes) throws Exception {
    Map<String, Object> claims = of(Map.of(claim, "x"));
    claims.remove("typ");
    if (typ != null) {
      claims.put("typ", typ);
    }
    String token = signed(header, claims);
    if (passes) {
      assertEquals("mira", verifier.verify(token, NOW, TokenType.PERSON).subject());
    } else {
      TokenException e = refused(token);
      assertEquals("malformed_token", e.code());
      assertTrue(e.getMessage().contains("\"" + claim + "\""), e.getMessage());
    }
  }

  @Test
  void onlyAnIssuerOfPersonsAloneMayLeaveTheTypeOut() throws Exception {
    for (Object typ : List.of("Bearer", "JWT", "at+jwt")) {
      Map<String, Object> claims = claims();
      claims.put("typ", typ);
      assertEquals("malformed_token", code(signed(claims), NOW, TokenType.values()));
    }
    TokenVerifier both =
        TokenVerifier.parse(trust(issuer("people", List.of("person", "session"), PEOPLE_KEY)));
    String bearer = signed(null, of(Map.of("typ", "Bearer")));
    assertThrows(TokenException.class, () -> both.verify(bearer, NOW, TokenType.values()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "sub", "exp", "iat", "tenant"})
  void aMissingOrWrongClaimIsNamed(String claim) throws Exception {
    Map<String, Object> without = of(Map.of());
    without.remove(claim);
    Map<String, Object> wrong = of(Map.of(claim, Map.of("a", 1)));
    for (Map<String, Object> claims : List.of(without, wrong)) {
      TokenException e = refused(signed(null, claims));
      assertEquals("malformed_token", e.code());
      assertTrue(e.getMessage().contains("claim \"" + claim + "\""), e.getMessage());
    }
  }

  @Test
  void anOptionalClaimOfTheWrongKindIsNamed() throws Exception {
    for (Map.Entry<String, Object> wrong :
        Map.<String, Object>of("roles", "admin", "nbf", "soon").entrySet()) {
      TokenException e = refused(signed(null, of(new HashMap<>(Map.ofEntries(wrong)))));
      assertTrue(e.getMessage().contains("claim \"" + wrong.getKey() + "\""), e.getMessage());
    }
  }

  @Test
  void aTokenIsNotValidBeforeItsTime() throws Exception {
    long later = NOW.plusSeconds(600).getEpochSecond();
    String token = signed(null, of(Map.of("nbf", later)));
    TokenException e = refused(token);
    assertEquals("not_yet_valid", e.code());
    assertTrue(e.getMessage().contains(NOW.plusSeconds(600).toString()), e.getMessage());
    verifier.verify(token, NOW.plusSeconds(600), TokenType.PERSON);
    assertEquals("not_yet_valid", refused(token).code());
    verifier.verify(token, NOW.plusSeconds(580), TokenType.PERSON);
  }
}
