package dev.countersign.store.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.InvalidEventException;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class FailureKindTest {
  private static FailureKind ofState(String sqlState) {
    return FailureKind.of(
        new CompletionException(new PgException("refused", "ERROR", sqlState, "detail")));
  }

  @Test
  void textThatPostgresRefusesIsRefusedForGood() {
    assertEquals(FailureKind.DATA, ofState("22021"));
    assertEquals(FailureKind.DATA, ofState("54000"));
  }

  @Test
  void lostRacesAndOutagesPass() {
    assertEquals(FailureKind.PASSING, ofState("40001"));
    assertEquals(FailureKind.PASSING, ofState("40P01"));
    assertEquals(FailureKind.PASSING, ofState("57P01"));
    assertEquals(FailureKind.PASSING, ofState("25P03"));
    assertEquals(FailureKind.PASSING, ofState("55000"));
    assertEquals(
        FailureKind.PASSING, FailureKind.of(new CompletionException(new ConnectException())));
    assertEquals(FailureKind.PASSING, FailureKind.of(new TimeoutException("no broker")));
  }

  @Test
  void whatIsNotKnownToPassIsNotTriedForEver() {
    assertEquals(FailureKind.FAULT, ofState("23505"));
    assertEquals(FailureKind.FAULT, ofState("42P01"));
    assertEquals(FailureKind.FAULT, ofState("XX000"));
    assertEquals(FailureKind.FAULT, FailureKind.of(new IllegalStateException("a bug")));
    assertEquals(FailureKind.FAULT, FailureKind.of(new RecordTooLargeException()));
  }

  @Test
  void faultsOfThisProgramDoNotStopTheCommandsBehindThem() {
    assertEquals(FailureKind.FAULT, FailureKind.of(new NullPointerException()));
    assertEquals(
        FailureKind.FAULT,
        FailureKind.of(new CompletionException(new InvalidEventException("x", "is bad"))));
  }
}
