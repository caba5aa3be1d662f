package dev.countersign.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key files and trust files. */
class TrustFileTest extends Tokens {
  @Test
  void twoKeysOfAnIssuerLiveAtOnce() throws Exception {
    RsaJsonWebKey next = key("g2");
    TokenVerifier rotating =
        TokenVerifier.parse(trust(issuer("agent-gateway", List.of("session"), GATEWAY_KEY, next)));

    rotating.verify(session(), NOW, TokenType.SESSION);
    rotating.verify(sign(new TokenSigner("agent-gateway", next)), NOW, TokenType.SESSION);
  }

  @Test
  void aTrustFileIsCheckedWhenItIsRead() {
    for (byte[] trust :
        List.of(
            "{}".getBytes(UTF_8),
            "{\"issuers\":[]}".getBytes(UTF_8),
            "[".getBytes(UTF_8),
            trust(issuer("a", List.of("root"), GATEWAY_KEY)),
            trust(issuer("a", List.of("person"), GATEWAY_KEY), issuer("b", List.of(), GATEWAY_KEY)),
            trust(issuer("", List.of("person"), GATEWAY_KEY)),
            trust(
                Map.of(
                    "may",
                    List.of("person"),
                    "jwks",
                    Map.of("keys", List.of(publicKey(GATEWAY_KEY))))),
            trust(Map.of("iss", "a", "may", List.of("person"), "jwks", Map.of("keys", List.of()))),
            trust(
                Map.of(
                    "iss",
                    "a",
                    "may",
                    List.of("person"),
                    "jwks",
                    Map.of("keys", List.of(Map.of("kty", "oct", "kid", "k", "k", "c2VjcmV0"))))))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> TokenVerifier.parse(trust),
          new String(trust, StandardCharsets.UTF_8));
    }
  }

  @Test
  void aKeyFileSigns(@TempDir Path folder) throws Exception {
    Map<String, Object> json =
        new LinkedHashMap<>(GATEWAY_KEY.toParams(OutputControlLevel.INCLUDE_PRIVATE));
    Path file = Files.write(folder.resolve("key.json"), Json.write(json));
    IllegalArgumentException anonymous =
        assertThrows(IllegalArgumentException.class, () -> TokenSigner.load(file));
    assertFalse(anonymous.getMessage().contains(String.valueOf(json.get("d"))));

    json.put("iss", "agent-gateway");
    Files.write(file, Json.write(json));
    verifier.verify(sign(TokenSigner.load(file)), NOW, TokenType.SESSION);

    json.remove("d");
    Files.write(file, Json.write(json));
    assertThrows(IllegalArgumentException.class, () -> TokenSigner.load(file));
    Files.writeString(file, "not json");
    assertThrows(IllegalArgumentException.class, () -> TokenSigner.load(file));
  }
}
