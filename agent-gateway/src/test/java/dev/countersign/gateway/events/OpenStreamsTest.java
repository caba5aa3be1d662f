package dev.countersign.gateway.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.identity.Callers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {
  private final OpenStreams open = new OpenStreams(16);

  private Runnable begin() {
    return open.begin(Callers.person("default", "alice"));
  }

  @Test
  void oneOverTheMostIsRefusedUntilAnotherEnds() {
    List<Runnable> ends = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ends.add(begin());
    }
    ProblemException refused = assertThrows(ProblemException.class, this::begin);
    assertEquals(429, refused.problem().status());
    assertEquals("too_many_requests", refused.problem().code());
    open.begin(Callers.person("default", "bob")).run();
    open.begin(Callers.person("other", "alice")).run();
    ends.get(0).run();
    ends.get(0).run();
    ends.set(0, begin());
    assertThrows(ProblemException.class, this::begin);
    ends.forEach(Runnable::run);
    assertEquals(0, open.persons());
  }

  @Test
  void howeverManyBeginAtOnceNoMoreAreLetInAndEveryEndCounts() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      for (int round = 0; round < 50; round++) {
        CountDownLatch all = new CountDownLatch(50);
        List<Future<Optional<Runnable>>> begun = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          begun.add(
              threads.submit(
                  () -> {
                    all.countDown();
                    all.await();
                    try {
                      return Optional.of(begin());
                    } catch (ProblemException refused) {
                      return Optional.empty();
                    }
                  }));
        }
        List<Runnable> ends = new ArrayList<>();
        for (Future<Optional<Runnable>> one : begun) {
          one.get().ifPresent(ends::add);
        }
        assertEquals(16, ends.size());
        List<Future<?>> ended = new ArrayList<>();
        ends.forEach(end -> ended.add(threads.submit(end)));
        for (Future<?> one : ended) {
          one.get();
        }
        assertEquals(0, open.persons());
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
