package dev.countersign.protocol.token;

import dev.countersign.protocol.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * Signs tokens with one RSA key (RS256: the fastest to verify). Thread-safe.
 *
 * <p>The key file is a private JWK with a {@code kid}, plus a member {@code iss} that names the
 * issuer.
 */
public final class TokenSigner {
  /** How long an assertion lives. */
  public static final Duration ASSERTION_LIFETIME = Duration.ofSeconds(60);

  private final String issuer;
  private final RsaJsonWebKey key;

  public TokenSigner(String issuer, RsaJsonWebKey key) {
    if (!canSign(key)) {
      throw new IllegalArgumentException("a signing key needs its private part and a kid");
    }
    this.issuer = issuer;
    this.key = key;
  }

  private static boolean canSign(RsaJsonWebKey key) {
    return key.getPrivateKey() != null && key.getKeyId() != null;
  }

  /**
   * Reads a key file.
   *
   * @throws IllegalArgumentException if the file holds no such key; the message names the file only
   */
  public static TokenSigner load(Path file) {
    try {
      Map<String, Object> json = JsonUtil.parseJson(Files.readString(file));
      if (!(json.get("iss") instanceof String issuer)) {
        throw new IllegalArgumentException("key file " + file + " has no member \"iss\"");
      }
      RsaJsonWebKey key = (RsaJsonWebKey) JsonWebKey.Factory.newJwk(json);
      if (!canSign(key)) {
        throw new IllegalArgumentException(
            "key file " + file + " holds a key without its private part or without a kid");
      }
      return new TokenSigner(issuer, key);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read key file " + file, e);
    } catch (JoseException | ClassCastException e) {
      throw new IllegalArgumentException("key file " + file + " holds no private RSA JWK", e);
    }
  }

  /** The issuer this signs as. */
  public String issuer() {
    return issuer;
  }

  /** The id of the key this signs with. */
  public String keyId() {
    return key.getKeyId();
  }

  /** Signs any token. */
  public String sign(
      TokenType type,
      String subject,
      String tenant,
      List<String> roles,
      Map<String, ?> extra,
      Instant now,
      Duration lifetime) {
    JwtClaims claims = new JwtClaims();
    extra.forEach(claims::setClaim);
    claims.setIssuer(issuer);
    claims.setAudience(TokenVerifier.AUDIENCE);
    claims.setSubject(subject);
    claims.setClaim("typ", type.claim());
    claims.setClaim("tenant", tenant);
    claims.setClaim("roles", roles);
    claims.setJwtId(UUID.randomUUID().toString());
    claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
    claims.setExpirationTime(NumericDate.fromSeconds(now.plus(lifetime).getEpochSecond()));
    JsonWebSignature jws = new JsonWebSignature();
    jws.setPayload(claims.toJson());
    jws.setKey(key.getPrivateKey());
    jws.setKeyIdHeaderValue(key.getKeyId());
    jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    try {
      return jws.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("signing failed", e);
    }
  }

  /**
   * An id of 32 hexadecimal digits out of texts, in their order: always the same one, and only a
   * holder of this key can compute it.
   */
  public String derivedId(List<String> texts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getPrivateKey().getEncoded(), "HmacSHA256"));
      for (String text : texts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        mac.update(bytes);
      }
      return HexFormat.of().formatHex(mac.doFinal(), 0, 16);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("deriving an id failed", e);
    }
  }

  /**
   * What stands for a person where no erase reaches: the same for the same person as long as this
   * key is used, and only a holder of it can tell, or guess, for whom.
   *
   * @param whose as {@link dev.countersign.protocol.OverrideDocument#keyOf} names them
   */
  public String pseudonym(String whose) {
    return "p-" + derivedId(List.of("person", whose));
  }

  /** Signs that {@code subject} sent exactly {@code value} as an event of type {@code purpose}. */
  public String signAssertion(
      String subject,
      String tenant,
      List<String> roles,
      String purpose,
      byte[] value,
      Map<String, ?> extra,
      Instant now) {
    Map<String, Object> claims = new java.util.HashMap<>(extra);
    claims.put(TokenClaims.PURPOSE, purpose);
    claims.put(TokenClaims.VALUE_DIGEST, Digest.of(value));
    return sign(TokenType.ASSERTION, subject, tenant, roles, claims, now, ASSERTION_LIFETIME);
  }
}
