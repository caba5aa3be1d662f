package dev.countersign.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/**
 * The keys of a development stack in one folder: a private key file (mode 600) for each issuer and
 * the trust file with their public halves. Made once, then read again.
 */
public final class DevKeys {
  /** Signs persons' tokens: the identity provider of the local stack. */
  public static final String PEOPLE = "people";

  /** Signs session tokens and assertions. */
  public static final String GATEWAY = "agent-gateway";

  /** Signs assertions for itself. */
  public static final String APPROVAL = "approval-service";

  /** Signs what the permission store says: replies and documents. */
  public static final String STORE = "permission-store";

  /** The only tenant of a development stack. */
  public static final String TENANT = "default";

  private static final String TRUST = "trust.json";
  private static final Map<String, List<TokenType>> MAY =
      Map.of(
          PEOPLE, List.of(TokenType.PERSON),
          GATEWAY, List.of(TokenType.SESSION, TokenType.ASSERTION),
          APPROVAL, List.of(TokenType.ASSERTION),
          STORE, List.of(TokenType.ASSERTION));
  private static final List<String> ISSUERS = List.of(PEOPLE, GATEWAY, APPROVAL, STORE);

  /** What the assertions of each issuer may claim. */
  private static final Map<String, Map<String, Object>> ASSERTIONS =
      Map.of(
          GATEWAY,
          Map.of(
              "purposes",
              purposes(EventType.SESSION_COMMANDED, EventType.PROMPT_ANSWERED),
              "subjects",
              List.of("*"),
              "roles",
              List.of(Roles.APPROVER, Roles.ADMIN, Roles.BYPASS),
              "agents",
              true,
              "maxLifetimeSeconds",
              60),
          APPROVAL,
          Map.of(
              "purposes", purposes(EventType.OVERRIDE_COMMANDED),
              "subjects", List.of(APPROVAL),
              "roles", List.of("service"),
              "maxLifetimeSeconds", 60),
          STORE,
          Map.of(
              "purposes", purposes(EventType.OVERRIDE_SETTLED, EventType.DOCUMENT_CHANGED),
              "subjects", List.of(STORE),
              "roles", List.of("service"),
              "maxLifetimeSeconds", 60));

  private final Path folder;

  private DevKeys(Path folder) {
    this.folder = folder;
  }

  /** The keys in this folder; what an earlier stack did not need yet is made now. */
  public static DevKeys in(Path folder) {
    DevKeys keys = new DevKeys(Folders.createPrivate(folder));
    Map<String, JsonNode> trusted = keys.trusted();
    List<JsonNode> before = List.copyOf(trusted.values());
    List<JsonNode> issuers = new ArrayList<>();
    for (String issuer : ISSUERS) {
      JsonNode known = trusted.remove(issuer);
      boolean whole = known != null && Files.exists(keys.keyFile(issuer));
      issuers.add(entry(issuer, whole ? known.path("jwks") : keys.generate(issuer)));
    }
    issuers.addAll(trusted.values());
    if (!before.equals(issuers)) {
      // Last: a folder with a trust file is complete.
      Folders.writePrivate(keys.trustFile(), Json.write(Map.of("issuers", issuers)));
    }
    return keys;
  }

  /** What the trust file says, by issuer; empty if there is none. */
  private Map<String, JsonNode> trusted() {
    Map<String, JsonNode> trusted = new LinkedHashMap<>();
    try {
      if (Files.exists(trustFile())) {
        Json.readTree(Files.readAllBytes(trustFile()))
            .path("issuers")
            .forEach(entry -> trusted.put(entry.path("iss").asText(), entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return trusted;
  }

  /** For {@code countersign.trust-file}. */
  public Path trustFile() {
    return folder.resolve(TRUST);
  }

  /** For {@code countersign.signing-key-file} of one of the issuers above. */
  public Path keyFile(String issuer) {
    if (!MAY.containsKey(issuer)) {
      throw new IllegalArgumentException("no such issuer: " + issuer);
    }
    return folder.resolve(issuer + ".jwk.json");
  }

  /** Signs as one of the issuers above. */
  public TokenSigner signer(String issuer) {
    return TokenSigner.load(keyFile(issuer));
  }

  /** A person's token, as the identity provider would make it. */
  public String personToken(String person, List<String> roles, Instant now, Duration lifetime) {
    return signer(PEOPLE).sign(TokenType.PERSON, person, TENANT, roles, Map.of(), now, lifetime);
  }

  /** A person's token that lives for an hour from now. */
  public String personToken(String person, String... roles) {
    return personToken(person, List.of(roles), Instant.now(), Duration.ofHours(1));
  }

  /** A session's token, as the gateway would make it, that lives for an hour from now. */
  public String sessionToken(
      String sessionId, String owner, String client, List<String> replyTopics) {
    return signer(GATEWAY)
        .sign(
            TokenType.SESSION,
            sessionId,
            TENANT,
            List.of(),
            Map.of(
                TokenClaims.OWNER, owner,
                TokenClaims.CLIENT, client,
                TokenClaims.REPLY_TOPICS, replyTopics),
            Instant.now(),
            Duration.ofHours(1));
  }

  /** Makes an issuer's key file; its public half. */
  private JsonNode generate(String issuer) {
    RsaJsonWebKey key = key(issuer);
    Map<String, Object> secret =
        new LinkedHashMap<>(key.toParams(OutputControlLevel.INCLUDE_PRIVATE));
    secret.put("iss", issuer);
    Folders.writePrivate(keyFile(issuer), Json.write(secret));
    return Json.mapper()
        .valueToTree(Map.of("keys", List.of(key.toParams(OutputControlLevel.PUBLIC_ONLY))));
  }

  private static JsonNode entry(String issuer, JsonNode jwks) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("iss", issuer);
    entry.put("may", MAY.get(issuer).stream().map(TokenType::claim).toList());
    if (ASSERTIONS.containsKey(issuer)) {
      entry.put("assertions", ASSERTIONS.get(issuer));
    }
    entry.put("jwks", jwks);
    return Json.mapper().valueToTree(entry);
  }

  private static List<String> purposes(EventType... events) {
    return Arrays.stream(events).map(EventType::ceType).toList();
  }

  private static RsaJsonWebKey key(String issuer) {
    try {
      RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId(issuer + "-" + UUID.randomUUID());
      key.setAlgorithm("RS256");
      key.setUse("sig");
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException("cannot make an RSA key", e);
    }
  }
}
