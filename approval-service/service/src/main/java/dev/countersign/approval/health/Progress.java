package dev.countersign.approval.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes which piece of work of this process gets on. Work is in trouble once it has failed without
 * a success in between, or has taken longer than any of it should.
 */
@ApplicationScoped
public class Progress {
  private static final Duration FAILING = Duration.ofSeconds(5);
  private static final Duration SLOW = Duration.ofMinutes(2);

  /**
   * @param since when it began or first failed, by {@link System#nanoTime}
   * @param reason null while it is only under way
   */
  private record State(long since, String reason) {}

  private final Map<String, State> states = new ConcurrentHashMap<>();

  /** A piece of work begins; or it is endless and has just got a step further. */
  public void begins(String what) {
    states.compute(
        what,
        (name, before) ->
            before != null && before.reason() != null
                ? before
                : new State(System.nanoTime(), null));
  }

  /** It failed and will be tried again. */
  public void fails(String what, String reason) {
    states.compute(
        what,
        (name, before) ->
            before != null && before.reason() != null
                ? new State(before.since(), reason)
                : new State(System.nanoTime(), reason));
  }

  /** It is done, or waits for something to do. */
  public void ends(String what) {
    states.remove(what);
  }

  /** What does not get on, and why. */
  public Map<String, String> troubles() {
    long now = System.nanoTime();
    Map<String, String> troubles = new TreeMap<>();
    states.forEach(
        (what, state) -> {
          Duration age = Duration.ofNanos(now - state.since());
          if (state.reason() != null && age.compareTo(FAILING) > 0) {
            troubles.put(what, "fails for " + age.toSeconds() + " s: " + state.reason());
          } else if (state.reason() == null && age.compareTo(SLOW) > 0) {
            troubles.put(what, "has taken " + age.toSeconds() + " s and is not done");
          }
        });
    return troubles;
  }
}
