package dev.countersign.protocol.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a good token proves, when, and for whom. */
class TokenVerifierTest extends Tokens {
  @Test
  void aSessionTokenSaysWhatWasSigned() throws Exception {
    String token =
        GATEWAY.sign(
            TokenType.SESSION,
            "s-1",
            "acme",
            List.of(),
            Map.of("owner", "mira", "client", "kcat", "reply_topics", List.of("a", "b")),
            NOW,
            HOUR);

    TokenClaims claims = verifier.verify(token, NOW, TokenType.SESSION);

    assertEquals(TokenType.SESSION, claims.type());
    assertEquals("agent-gateway", claims.issuer());
    assertEquals("s-1", claims.subject());
    assertEquals("acme", claims.tenant());
    assertEquals(List.of(), claims.roles());
    assertEquals("mira", claims.text(TokenClaims.OWNER));
    assertEquals(List.of("a", "b"), claims.texts(TokenClaims.REPLY_TOPICS));
    assertEquals(List.of(), claims.texts(TokenClaims.CLIENT));
    assertNull(claims.text(TokenClaims.ACTING_SESSION));
    assertEquals(NOW.plus(HOUR), claims.expiresAt());
  }

  @Test
  void aPersonsRolesAreProven() throws Exception {
    TokenClaims claims = verifier.verify(person("mira", Roles.APPROVER), NOW, TokenType.PERSON);

    assertEquals(List.of("approver"), claims.roles());
  }

  @Test
  void expiryIsComparedWithTheGivenInstantOnly() throws Exception {
    String token = session();

    verifier.verify(token, NOW.plus(HOUR), TokenType.SESSION);
    assertEquals("expired_token", code(token, NOW.plus(HOUR).plusSeconds(31)));
    assertEquals("not_yet_valid", code(token, NOW.minusSeconds(31)));
    // Proven once is not proven for ever: the instant counts again each time.
    verifier.verify(token, NOW, TokenType.SESSION);
    assertEquals("expired_token", code(token, NOW.plus(Duration.ofDays(400))));
  }

  @Test
  void anotherTypeDoesNotDo() {
    assertEquals("wrong_type", code(session(), NOW, TokenType.PERSON));
    assertEquals("wrong_type", code(session(), NOW, TokenType.ASSERTION, TokenType.PERSON));
    assertEquals("wrong_type", code(person("mira"), NOW, TokenType.SESSION));
  }
}
