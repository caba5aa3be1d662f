package dev.countersign.approval.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.kafka.Patience;
import dev.countersign.approval.loops.Loop;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

/** Readiness names what does not get on, and nothing else. */
class ProgressTest {
  private volatile long now = -1;
  private final Progress progress = new Progress(() -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void upAndSilent() {
    HealthCheckResponse health = new CheckProgress(progress).call();
    assertEquals(HealthCheckResponse.Status.UP, health.getStatus());
    assertEquals(Optional.empty(), health.getData());
  }

  private void down(String what, String why) {
    HealthCheckResponse health = new CheckProgress(progress).call();
    assertEquals("progress", health.getName());
    assertEquals(HealthCheckResponse.Status.DOWN, health.getStatus());
    assertEquals(Optional.of(Map.of(what, why)), health.getData());
  }

  @Test
  void whatFailsAgainAndAgainIsNamedWithItsLatestReason() {
    for (int second = 0; second < 6; second++) {
      progress.begins("requests");
      progress.fails("requests", "failure " + second);
      pass(Duration.ofSeconds(1));
    }
    down("requests", "fails for 6 s: failure 5");
  }

  @Test
  void aConsumerWhoseWorkMustWaitIsNamedUntilItIsDone() {
    AtomicInteger tries = new AtomicInteger();
    new Patience(progress)
        .untilDone(
            "requests",
            () -> {
              if (tries.getAndIncrement() == 0) {
                throw new UncheckedIOException(new ConnectException("refused"));
              }
              pass(Duration.ofSeconds(6));
              down(
                  "requests",
                  "fails for 6 s: java.io.UncheckedIOException: java.net.ConnectException:"
                      + " refused");
              return tries;
            });
    assertEquals(2, tries.get());
    upAndSilent();
  }

  @Test
  void aLoopWhoseWorkFailsIsNamed() {
    Loop loop =
        Loop.start(
            "expiry",
            Duration.ofHours(1),
            () -> {
              throw new IllegalStateException("one row cannot be read");
            },
            progress);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              pass(Duration.ofSeconds(6));
              return progress.troubles().getOrDefault("expiry", "").startsWith("fails");
            });
    loop.stop();
    String why = progress.troubles().get("expiry");
    assertTrue(why.endsWith("java.lang.IllegalStateException: one row cannot be read"), why);
  }

  @Test
  void aFailureThatPassesIsForgotten() {
    progress.begins("requests");
    progress.fails("requests", "Kafka did not take a record");
    pass(Duration.ofSeconds(4));
    upAndSilent();
    progress.ends("requests");
    pass(Duration.ofMinutes(5));
    upAndSilent();
  }

  @Test
  void workThatIsNeverDoneIsNamedThoughNothingFails() {
    progress.begins("answers");
    pass(Duration.ofSeconds(119));
    upAndSilent();
    pass(Duration.ofSeconds(2));
    down("answers", "has taken 121 s and is not done");
  }

  @Test
  void aLoopThatNeverEndsIsFineWhileItGetsOn() {
    for (int minute = 0; minute < 10; minute++) {
      progress.advances("override projection");
      pass(Duration.ofMinutes(1));
      upAndSilent();
    }
    pass(Duration.ofMinutes(2));
    down("override projection", "has taken 180 s and is not done");
  }

  @Test
  void whatGetsOnHidesNothingThatDoesNot() {
    progress.fails("expiry", "one row cannot be read");
    for (int second = 0; second < 6; second++) {
      progress.begins("requests");
      pass(Duration.ofSeconds(1));
      progress.ends("requests");
    }
    down("expiry", "fails for 6 s: one row cannot be read");
  }
}
