package dev.countersign.store.writing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final AtomicLong now = new AtomicLong();
  private final Turns<String> turns = new Turns<>(2, Duration.ofNanos(10), now::get);
  private final List<String> begun = new ArrayList<>();
  private final List<UniEmitter<? super String>> running = new ArrayList<>();

  private Uni<String> work(String name) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              begun.add(name);
              running.add(emitter);
            });
  }

  private CompletableFuture<String> take(String key, String name) {
    return turns.take(key, () -> work(name)).subscribeAsCompletionStage();
  }

  private CompletableFuture<String> await(String key, String name) {
    return turns.await(key, () -> work(name)).subscribeAsCompletionStage();
  }

  private static boolean crowded(CompletableFuture<String> work) {
    return work.isCompletedExceptionally()
        && work.handle((done, failure) -> failure).join() instanceof Turns.CrowdedException;
  }

  @Test
  void oneKeysWorkIsDoneInTheOrderInWhichItCame() {
    CompletableFuture<String> first = take("a", "1");
    CompletableFuture<String> second = await("a", "2");
    CompletableFuture<String> third = take("a", "3");
    assertEquals(List.of("1"), begun);
    running.get(0).complete("done 1");
    assertEquals(List.of("1", "2"), begun);
    running.get(1).fail(new IllegalStateException("failed 2"));
    running.get(2).complete("done 3");
    assertEquals(List.of("1", "2", "3"), begun);
    assertEquals("done 1", first.join());
    assertTrue(second.isCompletedExceptionally());
    assertEquals("done 3", third.join());
  }

  @Test
  void anotherKeyWaitsForNothing() {
    take("a", "1");
    take("a", "2");
    take("b", "3");
    assertEquals(List.of("1", "3"), begun);
  }

  @Test
  void whatIsTooMuchIsRefusedAtOnceAndNotBegun() {
    take("a", "1");
    take("a", "2");
    take("a", "3");
    assertTrue(crowded(take("a", "4")));
    CompletableFuture<String> patient = await("a", "5");
    for (int i = 0; i < 4; i++) {
      running.get(i).complete("done");
    }
    assertEquals(List.of("1", "2", "3", "5"), begun);
    assertEquals("done", patient.join());
  }

  @Test
  void aTurnThatComesTooLateIsNotTakenAndTheNextIs() {
    take("a", "1");
    CompletableFuture<String> late = take("a", "2");
    CompletableFuture<String> patient = await("a", "3");
    now.set(11);
    CompletableFuture<String> fresh = take("b", "4");
    running.get(0).complete("done");
    assertTrue(crowded(late));
    assertEquals(List.of("1", "4", "3"), begun);
    assertTrue(!patient.isDone() && !fresh.isDone());
  }

  @Test
  void nothingStaysOfAKeyWhoseWorkIsDone() {
    for (int round = 0; round < 3; round++) {
      take("a", "x");
      take("a", "y");
      running.get(2 * round).complete("done");
      running.get(2 * round + 1).complete("done");
    }
    assertEquals(6, begun.size());
  }

  @Test
  void workThatEndsAtOnceOrThrowsEndsItsTurn() {
    Turns<String> many = new Turns<>(10_000, Duration.ofDays(1));
    CompletableFuture<Integer> gate = new CompletableFuture<>();
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    all.add(
        many.take("a", () -> Uni.createFrom().completionStage(gate)).subscribeAsCompletionStage());
    IntStream.range(1, 10_000)
        .forEach(
            i ->
                all.add(
                    many.take(
                            "a",
                            () -> {
                              if (i % 2 == 0) {
                                throw new IllegalStateException("thrown " + i);
                              }
                              return Uni.createFrom().item(i);
                            })
                        .subscribeAsCompletionStage()));
    gate.complete(0);
    for (int i = 0; i < all.size(); i++) {
      assertEquals(i > 0 && i % 2 == 0, all.get(i).isCompletedExceptionally(), "turn " + i);
    }
  }
}
