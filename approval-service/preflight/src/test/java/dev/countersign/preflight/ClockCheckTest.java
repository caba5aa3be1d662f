package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.preflight.ReferenceClock.Reading;
import dev.countersign.preflight.Watch.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockCheckTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** Moves when somebody is asked. */
  private Instant own = NOW;

  /** Another machine's clock: how far it is before ours, and how long its answer takes. */
  private final class Other implements ReferenceClock {
    private Duration before;
    private final Duration asking;
    private final Duration answering;

    private Other(Duration before, Duration asking, Duration answering) {
      this.before = before;
      this.asking = asking;
      this.answering = answering;
    }

    @Override
    public String name() {
      return "Postgres";
    }

    @Override
    public Reading read() throws IOException {
      own = own.plus(asking);
      if (before == null) {
        throw new IOException("away");
      }
      Reading said = Reading.of(own.minus(before));
      own = own.plus(answering);
      return said;
    }
  }

  private Other other(long secondsBefore) {
    return new Other(Duration.ofSeconds(secondsBefore), Duration.ZERO, Duration.ZERO);
  }

  private static Other away(ClockCheckTest test) {
    return test.new Other(null, Duration.ZERO, Duration.ZERO);
  }

  private Optional<String> problem(ReferenceClock... others) throws Exception {
    return new ClockCheck(List.of(others), () -> own).look().map(Problem::text);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 30, -1, -30})
  void whatTokensForgiveIsRight(long seconds) throws Exception {
    assertEquals(Optional.empty(), problem(other(seconds)));
  }

  @Test
  void moreIsSaidWithItsDirection() throws Exception {
    assertEquals(
        Optional.of(
            "the clock of this machine is 95 s ahead of that of Postgres, and may be 30 s off:"
                + " keep both in step (NTP)"),
        problem(other(95)));
    assertEquals(
        Optional.of(
            "the clock of this machine is 31 s behind that of Postgres, and may be 30 s off: keep"
                + " both in step (NTP)"),
        problem(other(-31)));
  }

  @Test
  void aSlowAnswerIsNoDifference() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    assertEquals(Optional.empty(), problem(new Other(Duration.ZERO, minute, Duration.ZERO)));
    assertEquals(Optional.empty(), problem(new Other(Duration.ZERO, Duration.ZERO, minute)));
    assertEquals(true, problem(new Other(Duration.ofSeconds(85), minute, Duration.ZERO)).isEmpty());
    assertEquals(
        true,
        problem(new Other(Duration.ofSeconds(95), Duration.ZERO, minute)).isPresent(),
        "what was said before it came cannot be what made the difference");
  }

  @Test
  void aClockOfWholeSecondsIsNotReadTooExactly() throws Exception {
    assertEquals(Optional.empty(), problem(whole(NOW.minusSeconds(31))));
    assertEquals(true, problem(whole(NOW.minusSeconds(32))).isPresent());
  }

  private static ReferenceClock whole(Instant second) {
    return new ReferenceClock() {
      @Override
      public String name() {
        return "a service";
      }

      @Override
      public Reading read() {
        return new Reading(second, second.plusSeconds(1));
      }
    };
  }

  @Test
  void whereOthersDisagreeTheOwnIsNotBlamed() throws Exception {
    assertEquals(Optional.empty(), problem(other(95), other(0)));
    assertEquals(Optional.empty(), problem(other(0), other(95)));
    assertEquals(true, problem(other(95), other(90)).isPresent());
    assertEquals(true, problem(away(this), other(90)).isPresent());
  }

  /** And the next look is soon. */
  @Test
  void whileNobodyAnswersWhatWasFoundStays() {
    Other clock = other(95);
    Watch watch =
        new Watch(
            "clock",
            new ClockCheck(List.of(clock), () -> own),
            Duration.ofHours(1),
            Duration.ofHours(1));
    List<Boolean> found = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    for (Duration before : new Duration[] {null, Duration.ofSeconds(95), null, Duration.ZERO}) {
      clock.before = before;
      right.add(watch.once());
      found.add(watch.finding().isPresent());
    }
    assertEquals(List.of(false, true, true, false), found);
    assertEquals(List.of(false, false, false, true), right);
  }
}
