package dev.countersign.protocol.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.Users;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are the door: whoever passes it can be named by every record, key, row and address. */
class NamedSubjectsTest extends Tokens {
  @Test
  void whatAnIdentityProviderCallsItsUsersIsASubject() throws TokenException {
    for (String user : Users.REAL) {
      assertEquals(user, verifier.verify(person(user), NOW, TokenType.PERSON).subject());
      assertEquals(user, verifier.verify(sessionOf(user), NOW, TokenType.SESSION).text("owner"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", ".", "..", " a", "a ", "a\u0000b", "a\nb", "Zoë"})
  void aSubjectThatNoRecordCanNameIsRefusedAtTheDoor(String user) {
    assertEquals("invalid_claim", code(person(user), NOW, TokenType.PERSON));
    assertEquals("invalid_claim", code(sessionOf(user), NOW));
  }

  @Test
  void soIsOneOfThreeHundredCharacters() {
    aSubjectThatNoRecordCanNameIsRefusedAtTheDoor("x".repeat(300));
  }

  @Test
  void aSessionAndATenantAreIdentifiers() throws Exception {
    assertEquals("invalid_claim", code(changed("sub", "s/1"), NOW));
    assertEquals("invalid_claim", code(changed("tenant", "a/b"), NOW));
    assertEquals(
        "invalid_claim",
        assertionCode(assertion(Map.of(TokenClaims.ACTING_SESSION, "s/1")), NOW, PURPOSE, VALUE));
  }

  private static String changed(String claim, String value) throws Exception {
    Map<String, Object> claims = claims();
    claims.put(claim, value);
    return signed(claims);
  }

  private static String sessionOf(String owner) {
    Map<String, Object> claims = Map.of(TokenClaims.OWNER, owner);
    return GATEWAY.sign(TokenType.SESSION, "s-1", "default", List.of(), claims, NOW, HOUR);
  }
}
