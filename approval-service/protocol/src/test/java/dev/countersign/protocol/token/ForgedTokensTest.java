package dev.countersign.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.protocol.Json;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must never pass for a token. */
class ForgedTokensTest extends Tokens {
  @Test
  void anIssuerMayMakeOnlyTheTypesItsEntryLists() {
    String forged = PEOPLE.sign(TokenType.SESSION, "s", "default", List.of(), Map.of(), NOW, HOUR);

    assertEquals("wrong_type", code(forged, NOW));
    String admin =
        GATEWAY.sign(TokenType.PERSON, "mira", "default", List.of("admin"), Map.of(), NOW, HOUR);
    assertEquals("wrong_type", code(admin, NOW, TokenType.PERSON));
  }

  @Test
  void aNameThatIsNotTheKeysOwnIsRefused() {
    TokenSigner liar = new TokenSigner("agent-gateway", PEOPLE_KEY);
    String token = liar.sign(TokenType.PERSON, "m", "default", List.of(), Map.of(), NOW, HOUR);

    assertEquals("malformed_token", code(token, NOW, TokenType.PERSON));
  }

  @Test
  void anUnknownKeyIsRefused() {
    TokenSigner stranger = new TokenSigner("agent-gateway", STRANGER_KEY);

    assertEquals("unknown_key", code(sign(stranger), NOW));
  }

  @Test
  void aStrangersKeyUnderATrustedNameIsRefused() {
    RsaJsonWebKey posing = key("g1");

    assertEquals("bad_signature", code(sign(new TokenSigner("agent-gateway", posing)), NOW));
  }

  @Test
  void aTokenWithoutAKeyNameIsRefused() throws Exception {
    JsonWebSignature jws = jws(AlgorithmIdentifiers.RSA_USING_SHA256, claims());
    jws.setKey(GATEWAY_KEY.getPrivateKey());

    assertEquals("unknown_key", code(jws.getCompactSerialization(), NOW));
  }

  @Test
  void anUnsignedTokenIsRefused() {
    String header = base64("{\"alg\":\"none\",\"kid\":\"g1\"}");

    for (String signature : List.of("", base64("x"))) {
      assertEquals(
          "malformed_token",
          code(header + "." + base64(Json.write(claims())) + "." + signature, NOW));
    }
  }

  /** The public key used as a shared secret: the classic confusion. */
  @Test
  void aTokenSignedWithThePublicKeyAsSecretIsRefused() throws Exception {
    JsonWebSignature jws = jws(AlgorithmIdentifiers.HMAC_SHA256, claims());
    jws.setKeyIdHeaderValue("g1");
    jws.setKey(new HmacKey(GATEWAY_KEY.getPublicKey().getEncoded()));

    assertEquals("malformed_token", code(jws.getCompactSerialization(), NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS384", "RS512", "PS256"})
  void onlyOneAlgorithmIsTaken(String algorithm) throws Exception {
    JsonWebSignature jws = jws(algorithm, claims());
    jws.setKeyIdHeaderValue("g1");
    jws.setKey(GATEWAY_KEY.getPrivateKey());

    assertEquals("malformed_token", code(jws.getCompactSerialization(), NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aud", "sub", "exp", "iat", "tenant", "iss", "typ"})
  void aMissingClaimIsRefused(String claim) throws Exception {
    Map<String, Object> claims = claims();
    claims.remove(claim);

    assertEquals("malformed_token", code(signed(claims), NOW));
  }

  @Test
  void aClaimOfTheWrongTypeIsRefused() throws Exception {
    for (Map<String, Object> wrong :
        List.<Map<String, Object>>of(
            Map.of("aud", "somebody-else"),
            Map.of("aud", List.of("somebody-else")),
            Map.of("typ", "root"),
            Map.of("typ", 1),
            Map.of("exp", "tomorrow"),
            Map.of("exp", 1e300),
            Map.of("iat", List.of()),
            Map.of("tenant", 7),
            Map.of("tenant", ""),
            Map.of("sub", ""),
            Map.of("sub", 7),
            Map.of("roles", "admin"),
            Map.of("roles", List.of(1)),
            Map.of("iss", "people"))) {
      Map<String, Object> claims = claims();
      claims.putAll(wrong);
      assertEquals("malformed_token", code(signed(claims), NOW), wrong.toString());
    }
  }

  @Test
  void aChangedPayloadIsRefused() {
    String[] parts = person("mira", Roles.APPROVER).split("\\.");
    String payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    String changed = parts[0] + "." + base64(payload.replace("approver", "admin")) + "." + parts[2];

    assertEquals("bad_signature", code(changed, NOW, TokenType.PERSON));
  }

  @Test
  void whatIsNoTokenIsRefused() {
    assertEquals("missing_token", code(null, NOW));
    assertEquals("missing_token", code("", NOW));
    for (String text :
        List.of(
            "x",
            "..",
            "a.b.c",
            "a.b",
            "a.b.c.d.e",
            "{}",
            "\u0000",
            "é.é.é",
            " " + session() + ".")) {
      assertEquals("malformed_token", code(text, NOW), text);
    }
    assertEquals("malformed_token", code("x".repeat(16 * 1024 + 1), NOW));
    String huge =
        GATEWAY.sign(
            TokenType.SESSION,
            "s",
            "default",
            List.of(),
            Map.of("x", "y".repeat(16_000)),
            NOW,
            HOUR);
    assertEquals("malformed_token", code(huge, NOW));
  }

  @Test
  void aKeyThatTriesToLoadSomethingIsRefused() throws Exception {
    JsonWebSignature jws = jws(AlgorithmIdentifiers.RSA_USING_SHA256, claims());
    jws.setKeyIdHeaderValue("g1");
    jws.setHeader("crit", List.of("x-unknown"));
    jws.setKey(GATEWAY_KEY.getPrivateKey());

    assertEquals("malformed_token", code(jws.getCompactSerialization(), NOW));
  }

  @Test
  void noMessageRepeatsTheToken() {
    String token = session();
    for (String bad :
        List.of(token.substring(5), token + "x", "secret-text", token.replace('.', ' '))) {
      TokenException e =
          assertThrows(TokenException.class, () -> verifier.verify(bad, NOW, TokenType.SESSION));
      for (Throwable t = e; t != null; t = t.getCause()) {
        assertFalse(String.valueOf(t.getMessage()).contains(bad.substring(0, 10)), t.toString());
      }
    }
  }

  /** Whatever stands in a header or a payload, the token is refused, and nothing else happens. */
  @Test
  void aTokenWithAWrongTypeAnywhereIsRefused() throws Exception {
    byte[] header =
        "{\"alg\":\"RS256\",\"kid\":\"g1\",\"typ\":\"JWT\",\"crit\":[\"b64\"]}".getBytes(UTF_8);
    byte[] payload = Json.write(claims());
    String signature = base64(new byte[256]);
    for (byte[] wrong : WrongTypes.of(header)) {
      code(base64(wrong) + "." + base64(payload) + "." + signature, NOW);
    }
    byte[] plain = "{\"alg\":\"RS256\",\"kid\":\"g1\"}".getBytes(UTF_8);
    for (byte[] wrong : WrongTypes.of(payload)) {
      code(base64(plain) + "." + base64(wrong) + "." + signature, NOW);
      JsonWebSignature signed = new JsonWebSignature();
      signed.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
      signed.setKeyIdHeaderValue("g1");
      signed.setPayloadBytes(wrong);
      signed.setKey(GATEWAY_KEY.getPrivateKey());
      try {
        verifier.verify(signed.getCompactSerialization(), NOW, TokenType.SESSION);
      } catch (TokenException e) {
        assertFalse(e.getMessage().isBlank());
      }
    }
  }
}
