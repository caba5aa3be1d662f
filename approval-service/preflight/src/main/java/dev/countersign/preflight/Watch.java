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
  private volatile boolean looked;
  private volatile boolean tried;
  private volatile Problem problem;
  private volatile boolean stopped;

  /** One look. */
  interface Look {
    /**
     * Returns what is wrong.
     *
     * @throws Exception if that cannot be told now; then what was found before stays
     */
    Optional<Problem> look() throws Exception;
  }

  /**
   * Something that is wrong.
   *
   * @param key the same as long as it is the same thing, even if it is told in other words
   * @param text what it is, and what would be right
   */
  record Problem(String key, String text) {}

  /**
   * @param name of what is looked at
   * @param whileRight how long until the next look while nothing is wrong
   * @param whileWrong the same while something is, or could not be told
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
  Optional<String> problem() {
    return Optional.ofNullable(problem).map(Problem::text);
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
    while (!stopped) {
      boolean right = once();
      try {
        Thread.sleep((right ? whileRight : whileWrong).toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** One look; returns whether all is known to be right. */
  boolean once() {
    try {
      note(look.look().orElse(null));
      looked = true;
      return problem == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.debugf(e, "%s: it cannot be told now", thread.getName());
    } finally {
      tried = true;
    }
    return false;
  }

  private void note(Problem found) {
    Problem before = problem;
    problem = found;
    if (found != null && (before == null || !before.key().equals(found.key()))) {
      LOG.errorf("Not ready: %s", found.text());
    } else if (found == null && before != null) {
      LOG.infof("No longer wrong: %s", before.text());
    }
  }
}
