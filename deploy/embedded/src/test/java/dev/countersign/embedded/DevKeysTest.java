package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.protocol.EventType;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevKeysTest {
  @TempDir Path dir;

  @Test
  void tokensMadeWithTheKeysAreTrustedByTheTrustFile() throws Exception {
    DevKeys keys = DevKeys.in(dir.resolve("keys"));
    TokenVerifier verifier = TokenVerifier.load(keys.trustFile());

    TokenClaims person =
        verifier.verify(keys.personToken("dev", Roles.APPROVER), Instant.now(), TokenType.PERSON);
    assertEquals("dev", person.subject());
    assertEquals(List.of(Roles.APPROVER), person.roles());

    TokenClaims session =
        verifier.verify(
            keys.sessionToken("s1", "dev", "kcat", List.of("permission.replies")),
            Instant.now(),
            TokenType.SESSION);
    assertEquals("dev", session.text(TokenClaims.OWNER));
    assertEquals(List.of("permission.replies"), session.texts(TokenClaims.REPLY_TOPICS));
  }

  @Test
  void aFolderOfAnEarlierStackGetsTheKeyThatItLacks() throws Exception {
    DevKeys keys = DevKeys.in(dir.resolve("keys"));
    String token = keys.personToken("dev");
    Files.delete(keys.keyFile(DevKeys.STORE));

    DevKeys again = DevKeys.in(dir.resolve("keys"));

    TokenVerifier verifier = TokenVerifier.load(again.trustFile());
    assertEquals("dev", verifier.verify(token, Instant.now(), TokenType.PERSON).subject());
    assertEquals(DevKeys.STORE, again.signer(DevKeys.STORE).issuer());
  }

  @Test
  void anIssuerMayMakeOnlyItsOwnTypes() {
    DevKeys keys = DevKeys.in(dir.resolve("keys"));
    TokenVerifier verifier = TokenVerifier.load(keys.trustFile());
    String forged =
        keys.signer(DevKeys.GATEWAY)
            .sign(
                TokenType.PERSON,
                "admin",
                DevKeys.TENANT,
                List.of(Roles.ADMIN),
                Map.of(),
                Instant.now(),
                Duration.ofHours(1));
    TokenException refused =
        assertThrows(
            TokenException.class, () -> verifier.verify(forged, Instant.now(), TokenType.PERSON));
    assertEquals("wrong_type", refused.code());
  }

  @Test
  void theGatewaySpeaksForPeopleOnlyAboutWhatItSends() throws Exception {
    DevKeys keys = DevKeys.in(dir.resolve("keys"));
    TokenVerifier verifier = TokenVerifier.load(keys.trustFile());
    byte[] value = {'{', '}'};
    List<EventType> sent = List.of(EventType.SESSION_COMMANDED, EventType.PROMPT_ANSWERED);
    for (EventType type : EventType.values()) {
      String purpose = type.ceType();
      String assertion =
          keys.signer(DevKeys.GATEWAY)
              .signAssertion(
                  "ann", DevKeys.TENANT, List.of(), purpose, value, Map.of(), Instant.now());
      if (sent.contains(type)) {
        verifier.verifyAssertion(assertion, Instant.now(), purpose, value);
      } else {
        TokenException refused =
            assertThrows(
                TokenException.class,
                () -> verifier.verifyAssertion(assertion, Instant.now(), purpose, value));
        assertEquals("beyond_issuer", refused.code());
      }
    }
  }

  @Test
  void theKeysAreMadeOnceAndAreTheirOwnersAlone() throws Exception {
    DevKeys first = DevKeys.in(dir.resolve("keys"));
    byte[] trust = Files.readAllBytes(first.trustFile());
    assertEquals(new String(trust), Files.readString(DevKeys.in(dir.resolve("keys")).trustFile()));
    assertFalse(new String(trust).contains("\"d\""), "no private part in the trust file");
    for (String issuer :
        List.of(DevKeys.PEOPLE, DevKeys.GATEWAY, DevKeys.APPROVAL, DevKeys.STORE)) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(first.keyFile(issuer))));
    }
  }
}
