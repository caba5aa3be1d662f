package dev.countersign.embedded;

import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenType;
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

  /** The only tenant of a development stack. */
  public static final String TENANT = "default";

  private static final String TRUST = "trust.json";
  private static final Map<String, List<TokenType>> MAY =
      Map.of(
          PEOPLE, List.of(TokenType.PERSON),
          GATEWAY, List.of(TokenType.SESSION, TokenType.ASSERTION),
          APPROVAL, List.of(TokenType.ASSERTION));

  /** What the assertions of each issuer may claim. */
  private static final Map<String, Map<String, Object>> ASSERTIONS =
      Map.of(
          GATEWAY,
          Map.of(
              "purposes",
              purposes(
                  EventType.SESSION_COMMANDED,
                  EventType.PROMPT_ANSWERED,
                  EventType.OVERRIDE_COMMANDED),
              "subjects",
              List.of("*"),
              "roles",
              List.of(Roles.APPROVER, Roles.ADMIN, Roles.BYPASS),
              "maxLifetimeSeconds",
              60),
          APPROVAL,
          Map.of(
              "purposes", purposes(EventType.OVERRIDE_COMMANDED),
              "subjects", List.of(APPROVAL),
              "roles", List.of("service"),
              "maxLifetimeSeconds", 60));

  private final Path folder;

  private DevKeys(Path folder) {
    this.folder = folder;
  }

  /** The keys in this folder; made now if it holds no trust file. */
  public static DevKeys in(Path folder) {
    DevKeys keys = new DevKeys(Folders.createPrivate(folder));
    if (!Files.exists(keys.trustFile())) {
      keys.generate();
    }
    return keys;
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

  private void generate() {
    List<Map<String, Object>> issuers = new ArrayList<>();
    for (String issuer : List.of(PEOPLE, GATEWAY, APPROVAL)) {
      RsaJsonWebKey key = key(issuer);
      Map<String, Object> secret =
          new LinkedHashMap<>(key.toParams(OutputControlLevel.INCLUDE_PRIVATE));
      secret.put("iss", issuer);
      Folders.writePrivate(keyFile(issuer), Json.write(secret));
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("iss", issuer);
      entry.put("may", MAY.get(issuer).stream().map(TokenType::claim).toList());
      if (ASSERTIONS.containsKey(issuer)) {
        entry.put("assertions", ASSERTIONS.get(issuer));
      }
      entry.put("jwks", Map.of("keys", List.of(key.toParams(OutputControlLevel.PUBLIC_ONLY))));
      issuers.add(entry);
    }
    // Last: a folder with a trust file is complete.
    Folders.writePrivate(trustFile(), Json.write(Map.of("issuers", issuers)));
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
