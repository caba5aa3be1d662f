package dev.countersign.protocol.token;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jose4j.lang.JoseException;

/**
 * Keeps a verifier's keys as its trust file and the published key sets have them. What cannot be
 * read changes nothing and is logged: the keys known so far stay.
 */
final class TrustWatch {
  private static final System.Logger LOG = System.getLogger(TrustWatch.class.getName());
  private static final long EVERY_SECONDS = 10;

  /** One thread for all verifiers of the process; it ends with it. */
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "trust-file");
            thread.setDaemon(true);
            return thread;
          });

  private final Path file;
  private byte[] text;
  private Trust trust;

  TrustWatch(Path file) throws IOException {
    this.file = file;
    this.text = Files.readAllBytes(file);
    this.trust = Trust.parse(text);
    readKeySets(Instant.now());
  }

  synchronized Trust trust() {
    return trust;
  }

  /** Reads again what has changed or is due, and returns what is trusted now. */
  synchronized Trust refresh(Instant now) {
    try {
      byte[] found = Files.readAllBytes(file);
      if (!Arrays.equals(found, text)) {
        text = found;
        Trust next = Trust.parse(found);
        next.startWith(trust);
        trust = next;
        LOG.log(Level.INFO, "Read the trust file {0} again", file);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(Level.ERROR, "The trust file {0} stays as it was read before: {1}", file, e);
    }
    readKeySets(now);
    return trust;
  }

  private void readKeySets(Instant now) {
    boolean other = false;
    for (KeySetUrl keys : trust.remote().values()) {
      try {
        other |= keys.isDue(now) && keys.read(now);
      } catch (IOException | JoseException e) {
        LOG.log(Level.WARNING, "Cannot read {0}: {1}", keys, e.toString());
      }
    }
    if (other) {
      trust = trust.forgetting();
    }
  }

  /** Refreshes a verifier until nobody uses it any more. */
  static void keepFresh(TokenVerifier verifier) {
    WeakReference<TokenVerifier> weak = new WeakReference<>(verifier);
    ScheduledFuture<?>[] self = new ScheduledFuture<?>[1];
    self[0] =
        TIMER.scheduleWithFixedDelay(
            () -> {
              TokenVerifier alive = weak.get();
              if (alive == null) {
                self[0].cancel(false);
              } else {
                alive.refresh(Instant.now());
              }
            },
            EVERY_SECONDS,
            EVERY_SECONDS,
            TimeUnit.SECONDS);
  }
}
