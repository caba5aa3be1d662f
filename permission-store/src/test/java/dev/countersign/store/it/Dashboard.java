package dev.countersign.store.it;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.Folders;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenSigner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/** An issuer of an operator's own that sends override commands in the name of people. */
final class Dashboard {
  private static final String NAME = "dashboard";

  private Dashboard() {}

  /** Lets the trust file of these keys trust it, once; what it signs with. */
  static TokenSigner in(Path folder) {
    Path keyFile = folder.resolve(NAME + ".jwk.json");
    try {
      if (!Files.exists(keyFile)) {
        trust(DevKeys.in(folder).trustFile(), keyFile);
      }
      return TokenSigner.load(keyFile);
    } catch (IOException | JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void trust(Path trustFile, Path keyFile) throws IOException, JoseException {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId(NAME);
    Map<String, Object> secret = new HashMap<>(key.toParams(OutputControlLevel.INCLUDE_PRIVATE));
    secret.put("iss", NAME);
    Map<String, Object> entry =
        Map.of(
            "iss", NAME,
            "may", List.of("assertion"),
            "assertions",
                Map.of(
                    "purposes", List.of(EventType.OVERRIDE_COMMANDED.ceType()),
                    "subjects", List.of("*"),
                    "roles", List.of(Roles.APPROVER, Roles.ADMIN),
                    "agents", true),
            "jwks", Map.of("keys", List.of(key.toParams(OutputControlLevel.PUBLIC_ONLY))));
    ObjectNode trust = (ObjectNode) Json.readTree(Files.readAllBytes(trustFile));
    trust.withArray("issuers").add(Json.mapper().valueToTree(entry));
    Folders.writePrivate(trustFile, Json.write(trust));
    Folders.writePrivate(keyFile, Json.write(secret));
  }
}
