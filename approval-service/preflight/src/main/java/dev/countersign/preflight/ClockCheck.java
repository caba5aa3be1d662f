package dev.countersign.preflight;

import dev.countersign.preflight.ReferenceClock.Reading;
import dev.countersign.preflight.Watch.Problem;
import dev.countersign.protocol.token.TokenVerifier;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Whether the clock of this machine is in step with others. It is wrong only if it is more than
 * tokens forgive away from each that answers: where they disagree, one of them is wrong. How long
 * an answer takes never counts as a difference. While none answers, it cannot be told.
 */
final class ClockCheck implements Watch.Look {
  /** How far two clocks may be apart. */
  static final Duration LIMIT = TokenVerifier.CLOCK_SKEW;

  private final List<ReferenceClock> others;
  private final InstantSource own;

  ClockCheck(List<ReferenceClock> others, InstantSource own) {
    this.others = List.copyOf(others);
    this.own = own;
  }

  @Override
  public Optional<Problem> look() throws IOException, InterruptedException {
    String first = null;
    int answers = 0;
    int wrong = 0;
    for (ReferenceClock other : others) {
      Instant before = own.instant();
      Reading reading;
      try {
        reading = other.read();
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        continue;
      }
      answers++;
      Duration ahead = ahead(before, reading, own.instant());
      if (ahead.abs().compareTo(LIMIT) > 0) {
        wrong++;
        first = first == null ? say(ahead, other.name()) : first;
      }
    }
    if (answers == 0) {
      throw new IOException("no clock answers");
    }
    return wrong == answers ? Optional.of(Problem.grave("clock", first)) : Optional.empty();
  }

  /**
   * By how much the own clock is ahead at least; negative if it is behind, zero if that cannot be
   * told from the time that the answer took.
   */
  private static Duration ahead(Instant before, Reading reading, Instant after) {
    if (before.isAfter(reading.latest())) {
      return Duration.between(reading.latest(), before);
    }
    return reading.earliest().isAfter(after)
        ? Duration.between(reading.earliest(), after)
        : Duration.ZERO;
  }

  private static String say(Duration ahead, String other) {
    return "the clock of this machine is %d s %s that of %s, and may be %d s off: keep both in step (NTP)"
        .formatted(
            ahead.abs().toSeconds(),
            ahead.isNegative() ? "behind" : "ahead of",
            other,
            LIMIT.toSeconds());
  }
}
