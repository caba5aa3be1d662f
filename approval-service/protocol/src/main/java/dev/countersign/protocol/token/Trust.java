package dev.countersign.protocol.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;

/**
 * What one reading of the trust file says, and the tokens proven by it. Another reading begins
 * without any: a key that is gone proves nothing any more.
 *
 * @param keys by their kid
 * @param remote the key sets that are read from an address, by issuer
 */
record Trust(
    Map<String, TrustedKey> keys, Map<String, KeySetUrl> remote, Map<String, ProvenToken> proven) {
  private static final int CACHE = 10_000;
  private static final List<String> KNOWN =
      List.of("iss", "may", "tenants", "assertions", "jwks", "jwksUri");

  /**
   * Reads the text of a trust file.
   *
   * @throws IllegalArgumentException if it is no trust file, or names no key
   */
  static Trust parse(byte[] text) {
    Map<String, TrustedKey> keys = new HashMap<>();
    Map<String, KeySetUrl> remote = new HashMap<>();
    JsonNode issuers = issuers(Json.readTree(text));
    boolean several = severalKnowPeople(issuers);
    for (JsonNode entry : issuers) {
      String issuer = issuer(entry);
      Set<TokenType> may = may(entry);
      Tenants tenants = Tenants.read(issuer, entry, several && may.contains(TokenType.PERSON));
      if (!entry.has("jwksUri")) {
        addKeys(keys, issuer, may, tenants, entry);
      } else if (remote.put(issuer, keySet(issuer, may, tenants, entry)) != null) {
        throw new IllegalArgumentException(
            "the trust file names two jwksUri for issuer " + issuer + "; it may have one");
      }
    }
    if (keys.isEmpty() && remote.isEmpty()) {
      throw new IllegalArgumentException("the trust file names no key");
    }
    return new Trust(Map.copyOf(keys), Map.copyOf(remote), newCache());
  }

  private static JsonNode issuers(JsonNode file) {
    JsonNode issuers = file.path("issuers");
    if (!issuers.isArray()) {
      throw new IllegalArgumentException("the trust file needs its list of \"issuers\"");
    }
    return issuers;
  }

  private static String issuer(JsonNode entry) {
    JsonNode iss = entry.path("iss");
    if (!iss.isTextual() || iss.textValue().isEmpty()) {
      throw new IllegalArgumentException(
          "every issuer in the trust file needs its \"iss\", a text");
    }
    String issuer = iss.textValue();
    entry
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                    "in the trust file, %s of issuer %s is unknown; known are %s"
                        .formatted(name, issuer, String.join(", ", KNOWN)));
              }
            });
    return issuer;
  }

  private static Set<TokenType> may(JsonNode entry) {
    JsonNode list = entry.path("may");
    if (!list.isArray()) {
      throw new IllegalArgumentException(
          "every issuer in the trust file needs \"may\", a list of types of tokens");
    }
    Set<TokenType> may = new HashSet<>();
    list.forEach(type -> may.add(TokenType.of(type.asText())));
    return may;
  }

  private static boolean severalKnowPeople(JsonNode issuers) {
    Set<String> ofPeople = new HashSet<>();
    for (JsonNode entry : issuers) {
      if (may(entry).contains(TokenType.PERSON)) {
        ofPeople.add(entry.path("iss").asText());
      }
    }
    return ofPeople.size() > 1;
  }

  /**
   * Begins with the published keys that an earlier reading knows, where their address is the same.
   */
  void startWith(Trust earlier) {
    remote.forEach((issuer, published) -> published.startWith(earlier.remote().get(issuer)));
  }

  /** The same keys, and nothing proven yet. */
  Trust forgetting() {
    return new Trust(keys, remote, newCache());
  }

  /** The key that an issuer's token names; null if it is not trusted. */
  TrustedKey key(String issuer, String kid) {
    if (kid == null) {
      return null;
    }
    KeySetUrl published = issuer == null ? null : remote.get(issuer);
    return published == null ? keys.get(kid) : published.key(kid);
  }

  private static KeySetUrl keySet(
      String issuer, Set<TokenType> may, Tenants tenants, JsonNode entry) {
    if (!may.equals(Set.of(TokenType.PERSON)) || entry.has("jwks")) {
      throw new IllegalArgumentException(
          "jwksUri in the trust file is for issuers of persons' tokens alone, in place of jwks;"
              + " see issuer "
              + issuer);
    }
    return new KeySetUrl(issuer, entry.path("jwksUri").asText(), tenants);
  }

  private static void addKeys(
      Map<String, TrustedKey> keys,
      String issuer,
      Set<TokenType> may,
      Tenants tenants,
      JsonNode entry) {
    AssertionLimits limits =
        may.contains(TokenType.ASSERTION) ? AssertionLimits.read(issuer, entry) : null;
    for (JsonWebKey key : keysOf(issuer, entry.path("jwks"))) {
      if (!(key instanceof RsaJsonWebKey rsa)) {
        throw new IllegalArgumentException("the trust file may hold RSA keys only");
      }
      if (KeySetText.isTooCostly(rsa.getRsaPublicKey())) {
        throw new IllegalArgumentException(
            "in the trust file, key %s of issuer %s cannot be used: %s"
                .formatted(key.getKeyId(), issuer, KeySetText.TOO_COSTLY));
      }
      TrustedKey trusted = new TrustedKey(issuer, may, tenants, limits, rsa.getRsaPublicKey());
      if (key.getKeyId() == null || keys.put(key.getKeyId(), trusted) != null) {
        throw new IllegalArgumentException("every key in the trust file needs its own kid");
      }
    }
  }

  /** All of them: one that is left out would be missed only when somebody uses it. */
  private static List<JsonWebKey> keysOf(String issuer, JsonNode jwks) {
    String where = "in the trust file, jwks of issuer " + issuer;
    try {
      List<JsonWebKey> keys = KeySetText.keys(jwks.toString());
      if (keys.size() != jwks.path("keys").size()) {
        throw new IllegalArgumentException("it holds a key that cannot be read");
      }
      return keys;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static Map<String, ProvenToken> newCache() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, ProvenToken> eldest) {
            return size() > CACHE;
          }
        });
  }
}
