package dev.countersign.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An assertion stands for one value and one purpose, for a minute. */
class AssertionsTest extends Tokens {
  @Test
  void anAssertionStandsForExactlyItsBytesAndPurpose() throws Exception {
    String assertion = assertion(Map.of("acting_session", "s-1"));

    TokenClaims claims = verifier.verifyAssertion(assertion, NOW, PURPOSE, VALUE);

    assertEquals("mira", claims.subject());
    assertEquals("s-1", claims.text(TokenClaims.ACTING_SESSION));
    byte[] other = "{\"promptId\":\"q\"}".getBytes(UTF_8);
    assertEquals("bad_signature", assertionCode(assertion, NOW, PURPOSE, other));
    byte[] spaced = "{\"promptId\": \"p\"}".getBytes(UTF_8);
    assertEquals("bad_signature", assertionCode(assertion, NOW, PURPOSE, spaced));
    assertEquals(
        "wrong_type", assertionCode(assertion, NOW, "dev.countersign.session.commanded", VALUE));
  }

  @Test
  void anAssertionLivesAMinute() throws Exception {
    String assertion = assertion(Map.of());

    verifier.verifyAssertion(assertion, NOW.plusSeconds(60), PURPOSE, VALUE);
    assertEquals("expired_token", assertionCode(assertion, NOW.plusSeconds(91), PURPOSE, VALUE));
  }

  @Test
  void aSessionTokenIsNoAssertion() {
    assertEquals("wrong_type", assertionCode(session(), NOW, PURPOSE, VALUE));
  }

  /** What is added to an assertion can never replace what makes it one. */
  @Test
  void extraClaimsDoNotReplaceTheClaimsOfTheSystem() throws Exception {
    String assertion =
        assertion(
            Map.of(
                "sub",
                "admin",
                "roles",
                List.of("admin"),
                "iss",
                "people",
                "purpose",
                "x",
                "value_digest",
                "x",
                "exp",
                9_999_999_999L));

    TokenClaims claims = verifier.verifyAssertion(assertion, NOW, PURPOSE, VALUE);

    assertEquals("mira", claims.subject());
    assertEquals(List.of("approver"), claims.roles());
    assertEquals(NOW.plusSeconds(60), claims.expiresAt());
  }
}
