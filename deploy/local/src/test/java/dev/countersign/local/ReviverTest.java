package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real processes that do nothing. */
@Timeout(60)
class ReviverTest {
  @TempDir Path dir;
  private final List<String> news = new CopyOnWriteArrayList<>();
  private final List<Child> started = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Reviver reviver = new Reviver(new Restarts(now::get), () -> stopping);

  @AfterEach
  void stopAll() {
    stopping = true;
    started.forEach(Child::kill);
  }

  private Child start(Consumer<Child> awaitReady) {
    Child child = Child.start("part", List.of("sleep", "600"), Map.of(), dir.resolve("part.log"));
    started.add(child);
    reviver.watch(child, () -> start(awaitReady), awaitReady);
    return child;
  }

  private void hangs(Child child) {
    now.updateAndGet(instant -> instant.plusSeconds(120));
    throw new LaunchException("part is not ready after 120 s; its log is part.log");
  }

  @Test
  void aPartThatHangsAtItsRestartIsKilledSaidAndStartedAgain() {
    reviver.begin(news::add);
    start(
            child -> {
              if (child == started.get(1)) {
                hangs(child);
              }
            })
        .fail();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> news.contains("part is ready again"));
    String ended = "part ended with status 137; its log is " + dir.resolve("part.log");
    assertEquals(
        List.of(
            ended + "; starting it again",
            "part is not ready after 120 s; its log is part.log; killing it",
            ended + "; starting it again",
            "part is ready again"),
        news);
    assertEquals(3, started.size());
    assertFalse(started.get(1).isAlive());
    assertTrue(started.get(2).isAlive());
    assertFalse(reviver.gaveUp().isDone());
  }

  @Test
  void aPartThatAlwaysHangsIsGivenUp() throws Exception {
    reviver.begin(news::add);
    start(this::hangs).fail();
    String last = reviver.gaveUp().get(30, TimeUnit.SECONDS);
    assertTrue(
        last.endsWith("; it ended 6 times and was never ready for 2 minutes in between"), last);
    assertEquals(6, started.size());
    assertTrue(started.stream().noneMatch(Child::isAlive));
  }

  @Test
  void aPartWithoutAProcessThatCannotStartIsSaidEachTimeAndGivenUp() throws Exception {
    reviver.begin(news::add);
    reviver.noticeEnd(
        "Postgres",
        "Postgres ended",
        () -> {
          now.updateAndGet(instant -> instant.plusSeconds(60));
          throw new LaunchException("Postgres did not start");
        });
    assertEquals(
        "Postgres did not start; it ended 6 times and was never ready for 2 minutes in between",
        reviver.gaveUp().get(30, TimeUnit.SECONDS));
    assertEquals("Postgres ended; starting it again", news.get(0));
    assertEquals(
        List.of("Postgres did not start; starting it again"),
        news.stream().skip(1).distinct().toList());
  }

  @Test
  void beforeItBeginsTheFirstEndIsTheLast() throws Exception {
    start(child -> {}).fail();
    String last = reviver.gaveUp().get(30, TimeUnit.SECONDS);
    assertTrue(last.startsWith("part ended with status 137"), last);
    assertEquals(List.of(), news);
    assertEquals(1, started.size());
  }

  @Test
  void whatEndsBecauseEverythingStopsIsNoNews() {
    reviver.begin(news::add);
    stopping = true;
    reviver.noticeEnd("Postgres", "Postgres ended", () -> news.add("started"));
    assertEquals(List.of(), news);
    assertFalse(reviver.gaveUp().isDone());
  }
}
