package dev.countersign.approval.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class CheckProgressTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Progress progress = new Progress(nanos::get);

  private HealthCheckResponse checked() {
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    return new CheckProgress(progress).call();
  }

  @Test
  void whoCannotCleanIsReadyAndSaysSo() {
    progress.fails(Progress.CLEANING, "too slow");
    HealthCheckResponse response = checked();
    assertEquals(Status.UP, response.getStatus());
    assertTrue(response.getData().orElseThrow().containsKey(Progress.CLEANING));
  }

  @Test
  void whoCannotDoAnythingElseIsNotReady() {
    progress.fails("requests", "the database is away");
    assertEquals(Status.DOWN, checked().getStatus());
  }
}
