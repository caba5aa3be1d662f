package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.preflight.Watch.Finding;
import dev.countersign.preflight.Watch.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<String> said = new ArrayList<>();
  private Runnable whenSaid = () -> {};
  private final Logger log = Logger.getLogger(Watch.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getLevel().intValue() >= Level.INFO.intValue()) {
            whenSaid.run();
            said.add(line.getLevel() + " " + line.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Optional<Problem> found = Optional.empty();
  private Exception fails;
  private final Watch watch =
      new Watch(
          "test",
          () -> {
            if (fails != null) {
              throw fails;
            }
            return found;
          },
          HOUR,
          HOUR);

  @BeforeEach
  void listen() {
    log.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    log.removeHandler(handler);
  }

  private boolean finds(String key, String text) {
    found = Optional.of(Problem.grave(key, text));
    return watch.once();
  }

  private boolean findsNothing() {
    found = Optional.empty();
    return watch.once();
  }

  private Optional<String> problem() {
    return watch.finding().map(Finding::text);
  }

  /** As the service's log writes the levels. */
  private List<String> said() {
    return said.stream().map(line -> line.replace("SEVERE", "ERROR")).toList();
  }

  @Test
  void eachThingIsSaidOnce() {
    finds("a", "95 s");
    finds("a", "96 s");
    assertEquals(Optional.of("96 s"), problem());
    finds("b", "other");
    findsNothing();
    findsNothing();
    assertEquals(
        List.of("ERROR Not ready: 95 s", "ERROR Not ready: other", "INFO No longer wrong: other"),
        said());
  }

  @Test
  void whatIsGraveKeepsFromReadyAtAnyTime() {
    assertFalse(finds("a", "at the start"));
    assertTrue(watch.finding().orElseThrow().keepsFromReady());
    assertTrue(findsNothing());
    assertFalse(finds("b", "later"));
    assertTrue(watch.finding().orElseThrow().keepsFromReady());
  }

  @Test
  void whatIsNotGraveKeepsFromReadyUntilTheServiceWasReady() {
    Optional<Problem> shorter = Optional.of(new Problem("a", "shorter", false));
    found = shorter;
    assertFalse(watch.once());
    assertTrue(watch.finding().orElseThrow().keepsFromReady());
    findsNothing();
    found = shorter;
    assertTrue(watch.once(), "the service goes on");
    assertTrue(watch.once());
    assertFalse(watch.finding().orElseThrow().keepsFromReady());
    assertEquals(Optional.of("shorter"), problem());
    assertEquals(
        List.of(
            "ERROR Not ready: shorter",
            "INFO No longer wrong: shorter",
            "ERROR Ready, but wrong: shorter"),
        said());
  }

  /** Whoever waits for a finding may then read the log. */
  @Test
  void theLogSaysItBeforeAnybodyElseIsTold() {
    List<Optional<String>> seen = new ArrayList<>();
    whenSaid = () -> seen.add(problem());
    finds("a", "wrong");
    assertEquals(List.of(Optional.empty()), seen);
  }

  @Test
  void aLookThatFailsChangesNothing() {
    fails = new IOException("away");
    assertFalse(watch.hasTried());
    assertFalse(watch.once());
    assertTrue(watch.hasTried());
    assertFalse(watch.hasLooked(), "nothing is known yet");
    fails = null;
    finds("a", "wrong");
    fails = new IOException("away");
    assertFalse(watch.once());
    assertEquals(Optional.of("wrong"), problem());
    assertTrue(watch.hasLooked());
    assertEquals(1, said.size(), said::toString);
  }

  /** What looks may also meet a class that cannot be loaded, or an answer that is too deep. */
  @Test
  void anErrorOfALookDoesNotEndTheWatch() throws InterruptedException {
    Script script =
        new Script(
            () -> {
              throw new NoClassDefFoundError("gone");
            },
            () -> {
              throw new StackOverflowError();
            },
            Optional::empty);
    Watch other = new Watch("other", script, Duration.ZERO, Duration.ZERO);
    other.start();
    assertTrue(script.over.await(1, TimeUnit.MINUTES), "there is a look after each");
    assertTrue(other.hasLooked());
    other.stop();
    assertTrue(script.closed.await(1, TimeUnit.MINUTES), "what looks is closed at the end");
    assertEquals(List.of(script.looker), script.closers, "by the thread that used it");
  }

  /** Looks that are given, the last of them again and again. */
  private static final class Script implements Watch.Look {
    private final List<Supplier<Optional<Problem>>> looks;
    private final CountDownLatch over;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> closers = new CopyOnWriteArrayList<>();
    private volatile Thread looker;

    @SafeVarargs
    private Script(Supplier<Optional<Problem>>... looks) {
      this.looks = List.of(looks);
      this.over = new CountDownLatch(looks.length + 1);
    }

    @Override
    public Optional<Problem> look() {
      looker = Thread.currentThread();
      int now = Math.min(looks.size() + 1 - (int) over.getCount(), looks.size() - 1);
      over.countDown();
      return looks.get(now).get();
    }

    @Override
    public void close() {
      closers.add(Thread.currentThread());
      closed.countDown();
    }
  }
}
