package dev.countersign.protocol.token;

import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The key set that an identity provider publishes at an address. It is read in the background, for
 * {@link TrustWatch}, never by whoever verifies a token. Thread-safe.
 */
final class KeySetUrl {
  private static final System.Logger LOG = System.getLogger(KeySetUrl.class.getName());
  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final String issuer;
  private final String uri;
  private final Tenants tenants;
  private final HttpRequest request;
  private volatile Map<String, PublicKey> keys = Map.of();
  private volatile Set<String> passedOver = Set.of();
  private volatile Instant readAt = Instant.MIN;
  private volatile boolean wanted = true;
  private volatile boolean reading;

  /**
   * @throws IllegalArgumentException if the address is neither https nor on this machine
   */
  KeySetUrl(String issuer, String uri, Tenants tenants) {
    this.issuer = issuer;
    this.uri = uri;
    this.tenants = tenants;
    URI parsed = URI.create(uri);
    boolean named = parsed.getHost() != null;
    boolean here =
        named && "http".equals(parsed.getScheme()) && LOOPBACK.contains(parsed.getHost());
    boolean safe = named && "https".equals(parsed.getScheme());
    if (!safe && !here) {
      throw new IllegalArgumentException(
          "jwksUri of issuer " + issuer + " in the trust file must be an https address");
    }
    this.request = HttpRequest.newBuilder(parsed).build();
  }

  /** Begins with the keys that an earlier reading of the trust file led to at the same address. */
  void startWith(KeySetUrl earlier) {
    if (earlier != null && issuer.equals(earlier.issuer) && uri.equals(earlier.uri)) {
      keys = earlier.keys;
      passedOver = earlier.passedOver;
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
    return !reading && (wanted || readAt.plus(FRESH).isBefore(now));
  }

  /**
   * Begins to read the key set, which ends within {@link LimitedGet#LONGEST}. What cannot be read
   * changes nothing: the keys known so far stay. A key that is too costly is passed over and
   * logged.
   *
   * @return whether it holds other keys than before; a failure if it could not be read
   */
  CompletableFuture<Boolean> read(Instant now) {
    wanted = false;
    reading = true;
    return LimitedGet.read(request)
        .thenApply(KeySetText::signing)
        .thenApply(read -> take(read, now))
        .whenComplete((other, failure) -> reading = false);
  }

  private boolean take(KeySetText.Signing read, Instant now) {
    boolean other = !read.keys().equals(keys);
    keys = read.keys();
    if (!passedOver.equals(read.tooCostly())) {
      passedOver = read.tooCostly();
      if (!passedOver.isEmpty()) {
        LOG.log(
            Level.WARNING,
            "{0} holds keys that are not used, {1}: {2}",
            this,
            passedOver,
            KeySetText.TOO_COSTLY);
      }
    }
    readAt = now;
    return other;
  }

  @Override
  public String toString() {
    return "the key set of issuer " + issuer;
  }
}
