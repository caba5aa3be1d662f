package dev.countersign.preflight;

import static org.eclipse.microprofile.health.HealthCheckResponse.Status.DOWN;
import static org.eclipse.microprofile.health.HealthCheckResponse.Status.UP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.preflight.Watch.Finding;
import dev.countersign.preflight.Watch.Problem;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class TopicsReadyTest {
  private static final Problem PROBLEM = new Problem("a", "a is small", false);

  private static void assertSays(
      HealthCheckResponse.Status status, String reason, Optional<Finding> finding, boolean known) {
    HealthCheckResponse said = TopicsReady.response(finding, known);
    assertEquals(status, said.getStatus());
    assertEquals(Optional.ofNullable(reason), said.getData().map(data -> data.get("reason")));
  }

  @Test
  void whatIsWrongIsSaidAlsoWhileTheServiceIsReady() {
    assertSays(UP, null, Optional.empty(), true);
    assertSays(UP, "a is small", Optional.of(new Finding(PROBLEM, false)), true);
    assertSays(DOWN, "a is small", Optional.of(new Finding(PROBLEM, true)), true);
  }

  @Test
  void whatIsNotKnownIsNotRight() {
    assertSays(DOWN, "the brokers have not described them yet", Optional.empty(), false);
  }
}
