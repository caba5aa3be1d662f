package dev.countersign.protocol.token;

import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jose4j.http.Get;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The key set that an identity provider publishes at an address. Reading it blocks, so it is read
 * by {@link TrustWatch}, never by whoever verifies a token. Thread-safe.
 */
final class KeySetUrl {
  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int TIMEOUT_MILLIS = 5_000;

  private final String issuer;
  private final String uri;
  private final Tenants tenants;
  private final HttpsJwks address;
  private volatile Map<String, PublicKey> keys = Map.of();
  private volatile Instant readAt = Instant.MIN;
  private volatile boolean wanted = true;

  /**
   * @throws IllegalArgumentException if the address is neither https nor on this machine
   */
  KeySetUrl(String issuer, String uri, Tenants tenants) {
    this.issuer = issuer;
    this.uri = uri;
    this.tenants = tenants;
    URI parsed = URI.create(uri);
    boolean here = "http".equals(parsed.getScheme()) && LOOPBACK.contains(parsed.getHost());
    if (!"https".equals(parsed.getScheme()) && !here) {
      throw new IllegalArgumentException(
          "jwksUri of issuer " + issuer + " in the trust file must be an https address");
    }
    Get get = new Get();
    get.setConnectTimeout(TIMEOUT_MILLIS);
    get.setReadTimeout(TIMEOUT_MILLIS);
    get.setRetries(0);
    this.address = new HttpsJwks(uri);
    address.setSimpleHttpGet(get);
    address.setRefreshReprieveThreshold(0);
  }

  /** Begins with the keys that an earlier reading of the trust file led to at the same address. */
  void startWith(KeySetUrl earlier) {
    if (earlier != null && issuer.equals(earlier.issuer) && uri.equals(earlier.uri)) {
      keys = earlier.keys;
    }
  }

  /** The key of this name, or null. A name that is not known is looked for at the next reading. */
  TrustedKey key(String kid) {
    PublicKey key = keys.get(kid);
    if (key == null) {
      wanted = true;
      return null;
    }
    return new TrustedKey(issuer, Set.of(TokenType.PERSON), tenants, null, key);
  }

  boolean isDue(Instant now) {
    return wanted || readAt.plus(FRESH).isBefore(now);
  }

  /**
   * Reads the key set. What cannot be reached changes nothing: the keys known so far stay.
   *
   * @return whether it holds other keys than before
   */
  boolean read(Instant now) throws IOException, JoseException {
    wanted = false;
    address.refresh();
    Map<String, PublicKey> read = new HashMap<>();
    for (JsonWebKey key : address.getJsonWebKeys()) {
      boolean signs = key.getUse() == null || key.getUse().equals("sig");
      if (key instanceof RsaJsonWebKey rsa && rsa.getKeyId() != null && signs) {
        read.put(rsa.getKeyId(), rsa.getRsaPublicKey());
      }
    }
    boolean other = !read.equals(keys);
    keys = Map.copyOf(read);
    readAt = now;
    return other;
  }

  @Override
  public String toString() {
    return "the key set of issuer " + issuer;
  }
}
