package dev.countersign.preflight;

import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Looks at one thing again and again, in a thread of its own, and remembers what it found. The log
 * says it once when it is wrong, once when something else is wrong, and once when it is right
 * again.
 */
final class Watch {
  private static final Logger LOG = Logger.getLogger(Watch.class);

  private final Look look;
  private final Duration whileRight;
  private final Duration whileWrong;
  private final Thread thread;
  private boolean wasRight;
  private volatile boolean looked;
  private volatile boolean tried;
  private volatile Finding finding;
  private volatile boolean stopped;

  /** One look. Only the watch's thread calls it. */
  interface Look extends AutoCloseable {
    /**
     * Returns what is wrong.
     *
     * @throws Exception if that cannot be told now; then what was found before stays
     */
    Optional<Problem> look() throws Exception;

    /** Called once, after the last look. */
    @Override
    default void close() {}
  }

  /**
   * Something that is wrong.
   *
   * @param key the same as long as it is the same thing, even if it is told in other words
   * @param text what it is, and what would be right
   * @param isGrave whether a service cannot work with it; if not, one that has been ready stays so
   */
  record Problem(String key, String text, boolean isGrave) {
    static Problem grave(String key, String text) {
      return new Problem(key, text, true);
    }
  }

  /**
   * What a look found.
   *
   * @param keepsFromReady whether the service is not ready because of it
   */
  record Finding(Problem problem, boolean keepsFromReady) {
    String text() {
      return problem.text();
    }
  }

  /**
   * @param name of what is looked at
   * @param whileRight how long until the next look while nothing keeps the service from being ready
   * @param whileWrong the same while something does, or could not be told
   */
  Watch(String name, Look look, Duration whileRight, Duration whileWrong) {
    this.look = look;
    this.whileRight = whileRight;
    this.whileWrong = whileWrong;
    this.thread = new Thread(this::run, "watch-" + name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    thread.interrupt();
  }

  /** What is wrong; empty also before the first look. */
  Optional<Finding> finding() {
    return Optional.ofNullable(finding);
  }

  /** Whether one look could tell. */
  boolean hasLooked() {
    return looked;
  }

  /** Whether one look has ended, be it that it could not tell. */
  boolean hasTried() {
    return tried;
  }

  private void run() {
    try (look) {
      while (!stopped) {
        Thread.sleep((once() ? whileRight : whileWrong).toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look; returns whether it is known that nothing keeps the service from being ready. */
  boolean once() {
    try {
      Optional<Problem> found = look.look();
      wasRight |= found.isEmpty();
      note(found.map(problem -> new Finding(problem, problem.isGrave() || !wasRight)).orElse(null));
      looked = true;
      return finding == null || !finding.keepsFromReady();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError | StackOverflowError e) {
      LOG.debugf(e, "%s: it cannot be told now", thread.getName());
    } finally {
      tried = true;
    }
    return false;
  }

  /** Whoever sees the finding finds it in the log. */
  private void note(Finding found) {
    Finding before = finding;
    if (found != null && (before == null || !isSame(before, found))) {
      LOG.errorf(found.keepsFromReady() ? "Not ready: %s" : "Ready, but wrong: %s", found.text());
    } else if (found == null && before != null) {
      LOG.infof("No longer wrong: %s", before.text());
    }
    finding = found;
  }

  private static boolean isSame(Finding before, Finding found) {
    return before.problem().key().equals(found.problem().key());
  }
}
