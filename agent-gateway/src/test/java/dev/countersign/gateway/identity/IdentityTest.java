package dev.countersign.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.countersign.embedded.DevKeys;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  @TempDir Path dir;

  @Test
  void aDerivedIdIsTheSameInEveryReplicaAndOnlyAHolderOfTheKeyCanComputeIt() {
    DevKeys keys = DevKeys.in(dir);
    Identity gateway = identity(keys, DevKeys.GATEWAY);
    Identity replica = identity(keys, DevKeys.GATEWAY);
    Identity another = identity(keys, DevKeys.APPROVAL);
    Caller mira = caller(TokenType.PERSON, "mira", Map.of());
    String id = gateway.derivedId(mira, "session", "key-1");

    assertEquals(id, replica.derivedId(mira, "session", "key-1"));
    assertNotEquals(id, another.derivedId(mira, "session", "key-1"), "under another key");
    assertNotEquals(id, gateway.derivedId(mira, "session", "key-2"));
    assertNotEquals(id, gateway.derivedId(mira, "answer", "key-1"));
    Caller kim = caller(TokenType.PERSON, "kim", Map.of());
    assertNotEquals(id, gateway.derivedId(kim, "session", "key-1"));
    Caller agent = caller(TokenType.SESSION, "s-1", Map.of(TokenClaims.OWNER, "mira"));
    assertNotEquals(id, gateway.derivedId(agent, "session", "key-1"));
  }

  private static Caller caller(TokenType type, String subject, Map<String, Object> extra) {
    return new Caller(
        new TokenClaims(
            type, "issuer", subject, "default", List.of(), Instant.EPOCH, Instant.MAX, extra),
        "token");
  }

  private static Identity identity(DevKeys keys, String signsAs) {
    return new Identity(
        (GatewayConfig)
            Proxy.newProxyInstance(
                IdentityTest.class.getClassLoader(),
                new Class<?>[] {GatewayConfig.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "trustFile" -> keys.trustFile();
                      case "signingKeyFile" -> keys.keyFile(signsAs);
                      case "sessionTokenLifetime" -> Duration.ofDays(1);
                      default -> throw new AssertionError(method);
                    }));
  }
}
