package dev.countersign.protocol.token;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/** Reads the text of a JSON Web Key Set, whoever wrote it. */
final class KeySetText {
  /** Why a key is not used: a signature is verified before anything is known of its sender. */
  static final String TOO_COSTLY =
      "a key must have at most 4096 bits and an exponent of at most 32 bits, because whoever sends"
          + " a wrong signature makes the service compute with it";

  private static final int MAX_MODULUS_BITS = 4096;
  private static final int MAX_EXPONENT_BITS = 32;

  private KeySetText() {}

  /**
   * What of a key set can be used.
   *
   * @param keys those that may be used to sign, by name
   * @param tooCostly the names of those that are passed over because they take too long
   */
  record Signing(Map<String, PublicKey> keys, Set<String> tooCostly) {
    Signing {
      keys = Map.copyOf(keys);
      tooCostly = Set.copyOf(tooCostly);
    }
  }

  /**
   * All its keys; those of which the library can make nothing are left out.
   *
   * @throws IllegalArgumentException if it is no key set, in whatever way
   */
  static List<JsonWebKey> keys(String text) {
    try {
      return new JsonWebKeySet(text).getJsonWebKeys();
    } catch (JoseException | RuntimeException e) {
      // The library casts what it finds in the text to what it expects there.
      throw new IllegalArgumentException("not a JSON Web Key Set: {\"keys\": [{…}]}", e);
    }
  }

  /**
   * Those of its RSA keys that have a name and may be used to sign.
   *
   * @throws IllegalArgumentException if it is no key set, in whatever way
   */
  static Signing signing(String text) {
    Map<String, PublicKey> keys = new HashMap<>();
    Set<String> tooCostly = new TreeSet<>();
    for (JsonWebKey key : keys(text)) {
      boolean signs = key.getUse() == null || key.getUse().equals("sig");
      if (key instanceof RsaJsonWebKey rsa && rsa.getKeyId() != null && signs) {
        if (isTooCostly(rsa.getRsaPublicKey())) {
          tooCostly.add(rsa.getKeyId());
        } else {
          keys.put(rsa.getKeyId(), rsa.getRsaPublicKey());
        }
      }
    }
    return new Signing(keys, tooCostly);
  }

  /** Whether one wrong signature would keep a thread busy: see {@link #TOO_COSTLY}. */
  static boolean isTooCostly(RSAPublicKey key) {
    return key.getModulus().bitLength() > MAX_MODULUS_BITS
        || key.getPublicExponent().bitLength() > MAX_EXPONENT_BITS;
  }
}
