package dev.countersign.approval.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Notes which piece of work of this process gets on. Work is in trouble once it has failed without
 * a success in between, or has taken longer than any of it should.
 */
@ApplicationScoped
public class Progress {
  /** Work that may be late without anybody being worse off. */
  public static final String CLEANING = "cleaning";

  private static final Duration FAILING = Duration.ofSeconds(5);
  private static final Duration SLOW = Duration.ofMinutes(2);

  /**
   * @param since when it began or first failed, by the clock
   * @param reason null while it is only under way
   */
  private record State(long since, String reason) {}

  private final Map<String, State> states = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  public Progress() {
    this(System::nanoTime);
  }

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  Progress(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A piece of work begins. One that failed last time is still failing until it ends. */
  public void begins(String what) {
    states.compute(
        what,
        (name, before) ->
            before != null && before.reason() != null
                ? before
                : new State(nanos.getAsLong(), null));
  }

  /** A piece of work that never ends got a step further. */
  public void advances(String what) {
    states.put(what, new State(nanos.getAsLong(), null));
  }

  /** It failed and will be tried again. */
  public void fails(String what, String reason) {
    states.compute(
        what,
        (name, before) ->
            before != null && before.reason() != null
                ? new State(before.since(), reason)
                : new State(nanos.getAsLong(), reason));
  }

  /** It is done, or waits for something to do. */
  public void ends(String what) {
    states.remove(what);
  }

  /** What does not get on, and why. */
  public Map<String, String> troubles() {
    long now = nanos.getAsLong();
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
