package dev.countersign.approval.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.approval.BackendsResource;
import dev.countersign.approval.db.Database;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How a loop's list gets on, and what it says of that. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class WorklistIT {
  @Inject Database database;

  private final AtomicInteger advances = new AtomicInteger();
  private final Queue<Long> left = new ArrayDeque<>();

  private Worklist<Long> list() {
    return new Worklist<>("rows", database, row -> row, advances::incrementAndGet);
  }

  /** Rows so large that a batch has only two. */
  private List<Long> two(int limit) {
    return left.stream().limit(Math.min(limit, 2)).toList();
  }

  @Test
  void ofLargeRowsEveryBatchIsProgressAndNoneIsLeft() {
    LongStream.range(0, 9).forEach(left::add);
    Worklist<Long> list = list();
    List<Integer> done = new ArrayList<>();
    int some;
    do {
      some =
          list.some(
              100, (connection, limit, aside) -> two(limit), (c, rows) -> left.removeAll(rows));
      done.add(some);
    } while (some > 0);
    assertEquals(List.of(2, 2, 2, 2, 1, 0), done);
    assertEquals(5, advances.get());
  }

  @Test
  void whatFailsIsNoProgress() {
    left.add(1L);
    assertThrows(
        CompletionException.class,
        () ->
            list()
                .some(
                    100,
                    (connection, limit, aside) -> two(limit),
                    (connection, rows) -> {
                      throw new CompletionException(new ConnectException("away"));
                    }));
    assertEquals(0, advances.get());
  }
}
