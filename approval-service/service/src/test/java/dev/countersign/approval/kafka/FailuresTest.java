package dev.countersign.approval.kafka;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.InvalidEventException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static boolean passes(String sqlState) {
    return Failures.passing(new CompletionException(new PgException("no", "ERROR", sqlState, "")));
  }

  @Test
  void infrastructureThatIsUnavailablePasses() {
    for (String state :
        List.of(
            "08006", "25006", "25P03", "28P01", "3D000", "40001", "53300", "55000", "55P03",
            "57P01", "58030")) {
      assertTrue(passes(state), state);
    }
    assertTrue(Failures.passing(new CompletionException(new ConnectException())));
    assertTrue(Failures.passing(new CompletionException(new NoStackTraceThrowable("Timeout"))));
    assertTrue(Failures.passing(new TimeoutException()));
    assertTrue(Failures.passing(new OutOfMemoryError()));
  }

  @Test
  void whateverIsNotKnownToPassDoesNot() {
    for (String state : List.of("21000", "22021", "23505", "42P01", "42703", "54000", "XX000")) {
      assertFalse(passes(state), state);
    }
    assertFalse(Failures.passing(new InvalidEventException("reason", "is too long")));
    assertFalse(Failures.passing(new NullPointerException()));
    assertFalse(Failures.passing(new IllegalStateException("a bug")));
    assertFalse(Failures.passing(new StackOverflowError()));
    assertFalse(Failures.passing(new RecordTooLargeException()));
  }

  @Test
  void whatATopicRefusesForGoodIsToldFromWhatPasses() {
    assertNotNull(Failures.refusal(new TopicAuthorizationException("t")));
    assertNotNull(Failures.refusal(new InvalidTopicException("t")));
    assertNotNull(Failures.refusal(new RecordTooLargeException()));
    assertNull(Failures.refusal(new UnknownTopicOrPartitionException()));
    assertNull(Failures.refusal(new TimeoutException()));
    assertNull(Failures.refusal(new IllegalStateException()));
  }
}
