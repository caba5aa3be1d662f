package dev.countersign.protocol.token;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Digest;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An issuer with limits varies no claim that carries authority. */
class LimitedIssuersTest extends Tokens {
  /** Read of a session's token alone; an assertion of these says nothing to anybody. */
  private static final List<String> OF_SESSION_TOKENS =
      List.of(TokenClaims.OWNER, TokenClaims.CLIENT, TokenClaims.REPLY_TOPICS);

  /** What each claim of an assertion is varied to, as the test below has it. */
  private static final Map<String, Object> VARIED =
      Map.of(
          "iss",
          "people",
          "aud",
          "elsewhere",
          "sub",
          "root",
          "typ",
          "session",
          "tenant",
          "other",
          "roles",
          List.of("admin"),
          "exp",
          NOW.plusSeconds(31).getEpochSecond(),
          TokenClaims.PURPOSE,
          "dev.countersign.session.commanded",
          TokenClaims.VALUE_DIGEST,
          "0".repeat(64),
          TokenClaims.ACTING_SESSION,
          "bob-root");

  private final TokenVerifier limited =
      TokenVerifier.parse(
          trust(
              with(
                  "tenants",
                  List.of("default"),
                  with(
                      "assertions",
                      Map.of(
                          "purposes", List.of(PURPOSE),
                          "subjects", List.of("alice"),
                          "roles", List.of("approver"),
                          "maxLifetimeSeconds", 30),
                      issuer("agent-gateway", List.of("assertion"), GATEWAY_KEY)))));

  private static Map<String, Object> with(String field, Object value, Map<String, Object> issuer) {
    Map<String, Object> with = new HashMap<>(issuer);
    with.put(field, value);
    return with;
  }

  private static Map<String, Object> good() {
    Map<String, Object> claims = claims();
    claims.put("typ", "assertion");
    claims.put("sub", "alice");
    claims.put("roles", List.of("approver"));
    claims.put("exp", NOW.plusSeconds(30).getEpochSecond());
    claims.put(TokenClaims.PURPOSE, PURPOSE);
    claims.put(TokenClaims.VALUE_DIGEST, Digest.of(VALUE));
    return claims;
  }

  private String refusal(Map<String, Object> claims) throws Exception {
    String token = signed(claims);
    // As whoever consumes that kind of record asks for it.
    String purpose = String.valueOf(claims.get(TokenClaims.PURPOSE));
    return assertThrows(
            TokenException.class, () -> limited.verifyAssertion(token, NOW, purpose, VALUE))
        .code();
  }

  @ParameterizedTest
  @CsvSource({
    "iss, unknown_key malformed_token",
    "aud, malformed_token",
    "sub, beyond_issuer",
    "typ, wrong_type",
    "tenant, beyond_issuer",
    "roles, beyond_issuer",
    "exp, beyond_issuer",
    "purpose, beyond_issuer",
    "value_digest, bad_signature",
    "acting_session, beyond_issuer"
  })
  void aLimitedIssuerVariesNoClaimThatAnybodyReads(String claim, String codes) throws Exception {
    String token = signed(good());
    assertEquals("alice", limited.verifyAssertion(token, NOW, PURPOSE, VALUE).subject());
    Map<String, Object> other = good();
    other.put(claim, VARIED.get(claim));
    String code = refusal(other);
    assertTrue(List.of(codes.split(" ")).contains(code), code);
  }

  @Test
  void everyClaimThatIsReadIsVariedHere() throws Exception {
    List<String> read = new ArrayList<>();
    for (Field constant : TokenClaims.class.getDeclaredFields()) {
      if (Modifier.isStatic(constant.getModifiers())
          && Modifier.isPublic(constant.getModifiers())
          && constant.getType() == String.class) {
        read.add((String) constant.get(null));
      }
    }
    read.removeAll(OF_SESSION_TOKENS);
    read.addAll(List.of("iss", "aud", "sub", "typ", "tenant", "roles", "exp"));
    assertEquals(new TreeSet<>(read), new TreeSet<>(VARIED.keySet()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyAnIssuerForAgentsSaysThatASessionActs(boolean agents) throws Exception {
    Map<String, Object> limits = limits();
    limits.put("agents", agents);
    TokenVerifier verifier =
        TokenVerifier.parse(
            trust(
                with(
                    "assertions",
                    limits,
                    issuer("agent-gateway", List.of("assertion"), GATEWAY_KEY))));
    for (Object session : List.of("bob-root", "", 7, List.of("bob-root"))) {
      Map<String, Object> claims = good();
      claims.put(TokenClaims.ACTING_SESSION, session);
      String token = signed(claims);
      if (agents && session.equals("bob-root")) {
        assertDoesNotThrow(() -> verifier.verifyAssertion(token, NOW, PURPOSE, VALUE));
      } else {
        TokenException e =
            assertThrows(
                TokenException.class, () -> verifier.verifyAssertion(token, NOW, PURPOSE, VALUE));
        assertTrue(List.of("beyond_issuer", "invalid_claim").contains(e.code()), e.code());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TokenType.class)
  void noTokenOfAnyTypeNamesATenantThatItsIssuerMayNot(TokenType type) throws Exception {
    List<String> may = List.of(type.claim());
    TokenVerifier two =
        TokenVerifier.parse(
            trust(with("tenants", List.of("acme", "beta"), issuer("x", may, STRANGER_KEY))));
    TokenSigner signer = new TokenSigner("x", STRANGER_KEY);
    Map<String, ?> extra =
        Map.of(TokenClaims.PURPOSE, PURPOSE, TokenClaims.VALUE_DIGEST, Digest.of(VALUE));
    for (String tenant : List.of("acme", "beta", "default", "Acme")) {
      String token =
          signer.sign(type, "mira", tenant, List.of(), extra, NOW, TokenSigner.ASSERTION_LIFETIME);
      if (List.of("acme", "beta").contains(tenant)) {
        assertEquals(tenant, two.verify(token, NOW, type).tenant());
      } else {
        assertEquals(
            "beyond_issuer",
            assertThrows(TokenException.class, () -> two.verify(token, NOW, type)).code());
      }
    }
  }

  @Test
  void twoIssuersOfPersonsMustSayWhoseTheyAre() throws Exception {
    Map<String, Object> x = issuer("x", List.of("person"), STRANGER_KEY);
    Map<String, Object> people = issuer("people", List.of("person", "session"), PEOPLE_KEY);
    Map<String, Object> gateway = issuer("agent-gateway", List.of("session"), GATEWAY_KEY);
    TokenVerifier.parse(trust(x, gateway));
    refused("tenants of issuer x is required", trust(x, people, gateway));
    refused(
        "tenants of issuer people is required",
        trust(with("tenants", List.of("acme"), x), people, gateway));
    for (Object wrong : List.of(List.of(), "acme", List.of(1), List.of("a b"), Map.of("a", "b"))) {
      refused("tenants of issuer x", trust(with("tenants", wrong, x)));
    }
    refused("tenant of issuer x is unknown", trust(with("tenant", List.of("acme"), x)));

    TokenVerifier both =
        TokenVerifier.parse(
            trust(with("tenants", List.of("acme"), x), with("tenants", List.of("*"), people)));
    both.verify(person("mira", "admin"), NOW, TokenType.PERSON);
    String crossed =
        new TokenSigner("x", STRANGER_KEY)
            .sign(TokenType.PERSON, "eve", "default", List.of("admin"), Map.of(), NOW, HOUR);
    assertEquals(
        "beyond_issuer",
        assertThrows(TokenException.class, () -> both.verify(crossed, NOW, TokenType.PERSON))
            .code());
  }

  private static void refused(String naming, byte[] trust) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> TokenVerifier.parse(trust)).getMessage();
    assertTrue(message.contains(naming), message);
  }
}
