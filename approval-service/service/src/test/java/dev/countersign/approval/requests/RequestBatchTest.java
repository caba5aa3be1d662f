package dev.countersign.approval.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.db.SqlErrors;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class RequestBatchTest {
  private static PgException failure(String state) {
    return new PgException("no", "ERROR", state, null);
  }

  @Test
  void oneBadRowIsFoundAndItsNeighboursAreStored() {
    List<List<Integer>> stored = new java.util.ArrayList<>();
    TreeSet<Integer> refused = new TreeSet<>();
    Bisect.store(
        List.of(1, 2, 3, 4, 5, 6, 7),
        rows -> {
          if (rows.contains(3) || rows.contains(6)) {
            throw new CompletionException(failure("22021"));
          }
          stored.add(rows);
        },
        refused::add);
    assertEquals(new TreeSet<>(List.of(3, 6)), refused);
    assertEquals(List.of(1, 2, 4, 5, 7), stored.stream().flatMap(List::stream).sorted().toList());
  }

  @Test
  void whatIsNotTheDatasFaultIsNotBisected() {
    PgException away = failure("57P01");
    CompletionException thrown =
        Assertions.assertThrows(
            CompletionException.class,
            () ->
                Bisect.store(
                    List.of(1, 2),
                    rows -> {
                      throw new CompletionException(away);
                    },
                    row -> Assertions.fail("refused " + row)));
    assertEquals(away, thrown.getCause());
  }

  @Test
  void failuresAreToldApart() {
    assertTrue(SqlErrors.dataAtFault(failure("22P05")));
    assertTrue(SqlErrors.dataAtFault(failure("54001")));
    assertTrue(SqlErrors.transientConflict(failure("40P01")));
    assertFalse(SqlErrors.dataAtFault(failure("40001")));
    assertFalse(SqlErrors.transientConflict(new IllegalStateException("closed")));
  }

  @Test
  void textsThatNobodyAgreesOn() {
    Texts.check("x", Json.readTree("{\"a\":[\"fine \\ud83d\\ude00\",1,null]}".getBytes()));
    for (String bad :
        List.of(
            "{\"a\":\"\\u0000\"}",
            "{\"a\\u0000\":1}",
            "[\"\\ud83d\"]",
            "[\"\\ude00\\ud83d\"]",
            "{\"a\":{\"b\":[\"x\\udfff\"]}}")) {
      Assertions.assertThrows(
          InvalidEventException.class, () -> Texts.check("x", Json.readTree(bad.getBytes())), bad);
    }
  }
}
