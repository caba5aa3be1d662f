package dev.countersign.preflight;

import java.time.Instant;

/** A clock of another machine that the own one must be in step with. A service brings its own. */
public interface ReferenceClock {
  /** Whose it is, for the log. */
  String name();

  /**
   * Asks for the time; may block for some seconds.
   *
   * @throws Exception if there is no answer
   */
  Reading read() throws Exception;

  /**
   * What a clock said: its time was between these two while it was asked.
   *
   * @param earliest inclusive
   * @param latest inclusive; the same for a clock that says fractions of a second
   */
  record Reading(Instant earliest, Instant latest) {
    /** Of a clock that says exactly this. */
    public static Reading of(Instant time) {
      return new Reading(time, time);
    }
  }
}
