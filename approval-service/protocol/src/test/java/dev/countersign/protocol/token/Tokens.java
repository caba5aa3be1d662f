package dev.countersign.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.protocol.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;

/** Keys, a verifier and tokens, good and bad. */
abstract class Tokens {
  protected static final Instant NOW = Instant.parse("2026-05-04T09:30:00Z");
  protected static final Duration HOUR = Duration.ofHours(1);
  protected static final byte[] VALUE = "{\"promptId\":\"p\"}".getBytes(UTF_8);
  protected static final String PURPOSE = "dev.countersign.prompt.answered";

  protected static final RsaJsonWebKey GATEWAY_KEY = key("g1");
  protected static final RsaJsonWebKey PEOPLE_KEY = key("p1");
  protected static final RsaJsonWebKey STRANGER_KEY = key("x1");
  protected static final TokenSigner GATEWAY = new TokenSigner("agent-gateway", GATEWAY_KEY);
  protected static final TokenSigner PEOPLE = new TokenSigner("people", PEOPLE_KEY);

  protected final TokenVerifier verifier =
      TokenVerifier.parse(
          trust(
              issuer("agent-gateway", List.of("session", "assertion"), GATEWAY_KEY),
              issuer("people", List.of("person"), PEOPLE_KEY)));

  protected static String session() {
    return sign(GATEWAY);
  }

  protected static String sign(TokenSigner signer) {
    return signer.sign(TokenType.SESSION, "s-1", "default", List.of(), Map.of(), NOW, HOUR);
  }

  protected static String person(String name, String... roles) {
    return PEOPLE.sign(TokenType.PERSON, name, "default", List.of(roles), Map.of(), NOW, HOUR);
  }

  protected static String assertion(Map<String, ?> extra) {
    return GATEWAY.signAssertion(
        "mira", "default", List.of("approver"), PURPOSE, VALUE, extra, NOW);
  }

  protected static Map<String, Object> claims() {
    return new HashMap<>(
        Map.of(
            "iss", "agent-gateway",
            "aud", "countersign",
            "sub", "s-1",
            "typ", "session",
            "tenant", "default",
            "iat", NOW.getEpochSecond(),
            "exp", NOW.plus(HOUR).getEpochSecond()));
  }

  protected static String signed(Map<String, Object> claims) throws Exception {
    JsonWebSignature jws = jws(AlgorithmIdentifiers.RSA_USING_SHA256, claims);
    jws.setKeyIdHeaderValue("g1");
    jws.setKey(GATEWAY_KEY.getPrivateKey());
    return jws.getCompactSerialization();
  }

  protected static JsonWebSignature jws(String algorithm, Map<String, Object> claims) {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmHeaderValue(algorithm);
    jws.setPayloadBytes(Json.write(claims));
    return jws;
  }

  protected final String code(String token, Instant at, TokenType... allowed) {
    TokenType[] types = allowed.length == 0 ? new TokenType[] {TokenType.SESSION} : allowed;
    return assertThrows(TokenException.class, () -> verifier.verify(token, at, types)).code();
  }

  protected final String assertionCode(String token, Instant at, String purpose, byte[] value) {
    return assertThrows(
            TokenException.class, () -> verifier.verifyAssertion(token, at, purpose, value))
        .code();
  }

  protected static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  protected static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  protected static Map<String, Object> publicKey(RsaJsonWebKey key) {
    return key.toParams(OutputControlLevel.PUBLIC_ONLY);
  }

  protected static Map<String, Object> issuer(
      String name, List<String> may, RsaJsonWebKey... keys) {
    List<Map<String, Object>> jwks = java.util.Arrays.stream(keys).map(Tokens::publicKey).toList();
    Map<String, Object> issuer = new HashMap<>();
    issuer.putAll(Map.of("iss", name, "may", may, "jwks", Map.of("keys", jwks)));
    if (may.contains("assertion")) {
      issuer.put("assertions", limits());
    }
    return issuer;
  }

  /** What the gateway's assertions may claim. */
  protected static Map<String, Object> limits() {
    return new HashMap<>(
        Map.of(
            "purposes",
            List.of(PURPOSE, "dev.countersign.session.commanded"),
            "subjects",
            List.of("*"),
            "roles",
            List.of("approver", "admin", "bypass"),
            "agents",
            true));
  }

  @SafeVarargs
  protected static byte[] trust(Map<String, Object>... issuers) {
    return Json.write(Map.of("issuers", List.of(issuers)));
  }

  protected static RsaJsonWebKey key(String kid) {
    try {
      RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId(kid);
      return key;
    } catch (org.jose4j.lang.JoseException e) {
      throw new IllegalStateException(e);
    }
  }
}
