package dev.countersign.protocol.token;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Keeps keys as their trust file and the published key sets have them. What cannot be read changes
 * nothing and is logged: the keys known so far stay. Nothing that the file or a key set holds, and
 * no time that a key set takes, keeps the rest from being read. Thread-safe.
 */
final class TrustWatch {
  private static final System.Logger LOG = System.getLogger(TrustWatch.class.getName());

  /**
   * One thread for all files of the process; it ends with it. Nothing in it waits for a network.
   */
  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "trust-file");
            thread.setDaemon(true);
            return thread;
          });

  private final Path file;
  private byte[] text;
  private volatile Trust trust;

  /**
   * @throws IllegalArgumentException if it is no trust file, or names no key
   */
  TrustWatch(Path file) throws IOException {
    this.file = file;
    this.text = Files.readAllBytes(file);
    this.trust = Trust.parse(text);
  }

  /** What is trusted now. */
  Trust trust() {
    return trust;
  }

  /**
   * Takes what the file says now, and begins to read the key sets that are due.
   *
   * @return completes once these are read or have failed, at most {@link LimitedGet#LONGEST} later
   */
  CompletableFuture<Void> refresh(Instant now) {
    readFile();
    return CompletableFuture.allOf(
        trust.remote().values().stream()
            .filter(keys -> keys.isDue(now))
            .map(keys -> keys.read(now).handle((other, failure) -> noteRead(keys, other, failure)))
            .toArray(CompletableFuture[]::new));
  }

  private synchronized void readFile() {
    try {
      byte[] found = Files.readAllBytes(file);
      if (!Arrays.equals(found, text)) {
        text = found;
        Trust next = Trust.parse(found);
        next.startWith(trust);
        trust = next;
        LOG.log(Level.INFO, "Read the trust file {0} again", file);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "The trust file {0} stays as it was read before: {1}", file, e);
    }
  }

  private synchronized Void noteRead(KeySetUrl keys, Boolean other, Throwable failure) {
    if (failure != null) {
      LOG.log(Level.WARNING, "Cannot read {0}: {1}", keys, words(failure));
    } else if (other && trust.remote().containsValue(keys)) {
      trust = trust.forgetting();
    }
    return null;
  }

  private static String words(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof CancellationException
        ? "not all of it came within " + LimitedGet.LONGEST.toSeconds() + " seconds"
        : cause.toString();
  }

  /** Refreshes again and again, until it is cancelled or nobody uses the watch any more. */
  static Future<?> keepFresh(TrustWatch watch, Duration every) {
    WeakReference<TrustWatch> weak = new WeakReference<>(watch);
    ScheduledFuture<?>[] self = new ScheduledFuture<?>[1];
    self[0] =
        TIMER.scheduleWithFixedDelay(
            () -> {
              TrustWatch alive = weak.get();
              if (alive == null) {
                self[0].cancel(false);
              } else {
                alive.refreshOrSayWhyNot();
              }
            },
            every.toMillis(),
            every.toMillis(),
            TimeUnit.MILLISECONDS);
    return self[0];
  }

  /** A task that fails is never run again, and no key would ever be revoked any more. */
  private void refreshOrSayWhyNot() {
    try {
      refresh(Instant.now());
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "The keys could not be looked at now; they will be again", e);
    }
  }
}
