package dev.countersign.protocol.token;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Digest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An issuer's assertions may claim what its entry in the trust file lists, and nothing else. */
class AssertionLimitsTest extends Tokens {
  private static TokenVerifier limitedTo(Map<String, Object> limits) {
    Map<String, Object> page = issuer("agent-gateway", List.of("assertion"), GATEWAY_KEY);
    page.put("assertions", limits);
    return TokenVerifier.parse(trust(page));
  }

  private static Map<String, Object> limits(String field, Object value) {
    Map<String, Object> limits = limits();
    limits.put(field, value);
    return limits;
  }

  private static String assertion(
      String subject, List<String> roles, String purpose, Duration life) {
    Map<String, Object> extra = new HashMap<>();
    extra.put(TokenClaims.PURPOSE, purpose);
    extra.put(TokenClaims.VALUE_DIGEST, Digest.of(VALUE));
    return GATEWAY.sign(TokenType.ASSERTION, subject, "default", roles, extra, NOW, life);
  }

  private static String code(TokenVerifier verifier, String token, String purpose) {
    return assertThrows(
            TokenException.class, () -> verifier.verifyAssertion(token, NOW, purpose, VALUE))
        .code();
  }

  @Test
  void anIssuerClaimsOnlyItsSubjectsRolesPurposesAndLifetimes() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    TokenVerifier page =
        limitedTo(
            Map.of(
                "purposes", List.of(PURPOSE),
                "subjects", List.of("mira", "ann"),
                "roles", List.of("approver"),
                "maxLifetimeSeconds", 30));

    String good = assertion("mira", List.of("approver"), PURPOSE, Duration.ofSeconds(30));
    assertEquals("mira", page.verifyAssertion(good, NOW, PURPOSE, VALUE).subject());
    String other = "dev.countersign.session.commanded";
    for (String token :
        List.of(
            assertion("root", List.of("approver"), PURPOSE, Duration.ofSeconds(30)),
            assertion("mira", List.of("approver", "admin"), PURPOSE, Duration.ofSeconds(30)),
            assertion("mira", List.of("approver"), PURPOSE, minute))) {
      assertEquals("beyond_issuer", code(page, token, PURPOSE));
    }
    assertEquals(
        "beyond_issuer",
        code(page, assertion("mira", List.of(), other, Duration.ofSeconds(5)), other));
  }

  @Test
  void noAssertionLivesLongerThanAMinute() throws Exception {
    TokenVerifier gateway = limitedTo(limits());

    String minute = assertion("mira", List.of(), PURPOSE, Duration.ofSeconds(60));
    assertDoesNotThrow(() -> gateway.verifyAssertion(minute, NOW, PURPOSE, VALUE));
    for (Duration life : List.of(Duration.ofSeconds(61), Duration.ofDays(365))) {
      String token = assertion("mira", List.of(), PURPOSE, life);
      assertEquals("beyond_issuer", code(gateway, token, PURPOSE));
    }
  }

  @Test
  void anIssuerOfAssertionsMustSayWhatTheyMayClaim() {
    Map<String, Object> silent = issuer("page", List.of("assertion"), GATEWAY_KEY);
    silent.remove("assertions");
    refused("assertions of issuer page", trust(silent));
    for (Map<String, Object> limits :
        List.of(
            limits("purposes", List.of()),
            limits("purposes", "all"),
            limits("subjects", List.of()),
            limits("subjects", List.of(1)),
            limits("roles", "admin"),
            limits("role", List.of("admin")),
            limits("agents", "true"),
            limits("agents", 1),
            limits("maxLifetimeSeconds", 61),
            limits("maxLifetimeSeconds", 0),
            limits("maxLifetimeSeconds", "60"))) {
      Map<String, Object> page = issuer("page", List.of("assertion"), GATEWAY_KEY);
      page.put("assertions", limits);
      refused("of issuer page", trust(page));
    }
  }

  private static void refused(String naming, byte[] trust) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> TokenVerifier.parse(trust)).getMessage();
    assertTrue(message.contains(naming), message);
  }
}
