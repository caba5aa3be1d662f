package dev.countersign.protocol.token;

import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/** Reads the text of a JSON Web Key Set, whoever wrote it. */
final class KeySetText {
  private KeySetText() {}

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
   * Those of its RSA keys that have a name and may be used to sign, by name.
   *
   * @throws IllegalArgumentException if it is no key set, in whatever way
   */
  static Map<String, PublicKey> signing(String text) {
    Map<String, PublicKey> keys = new HashMap<>();
    for (JsonWebKey key : keys(text)) {
      boolean signs = key.getUse() == null || key.getUse().equals("sig");
      if (key instanceof RsaJsonWebKey rsa && rsa.getKeyId() != null && signs) {
        keys.put(rsa.getKeyId(), rsa.getRsaPublicKey());
      }
    }
    return Map.copyOf(keys);
  }
}
