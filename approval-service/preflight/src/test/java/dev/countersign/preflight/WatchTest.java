package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.preflight.Watch.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final Logger log = Logger.getLogger(Watch.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getLevel().intValue() >= Level.INFO.intValue()) {
            said.add(line.getLevel() + " " + line.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Optional<Problem> found = Optional.empty();
  private boolean fails;
  private final Watch watch =
      new Watch(
          "test",
          () -> {
            if (fails) {
              throw new IOException("away");
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

  private void finds(String key, String text) {
    found = Optional.of(new Problem(key, text));
    watch.once();
  }

  @Test
  void eachThingIsSaidOnce() {
    finds("a", "95 s");
    finds("a", "96 s");
    assertEquals(Optional.of("96 s"), watch.problem());
    finds("b", "other");
    found = Optional.empty();
    watch.once();
    watch.once();
    assertEquals(
        List.of("ERROR Not ready: 95 s", "ERROR Not ready: other", "INFO No longer wrong: other"),
        said.stream().map(line -> line.replace("SEVERE", "ERROR")).toList());
  }

  @Test
  void aLookThatFailsChangesNothing() {
    fails = true;
    assertFalse(watch.hasTried());
    assertFalse(watch.once());
    assertTrue(watch.hasTried());
    assertFalse(watch.hasLooked(), "nothing is known yet");
    fails = false;
    finds("a", "wrong");
    fails = true;
    assertFalse(watch.once());
    assertEquals(Optional.of("wrong"), watch.problem());
    assertTrue(watch.hasLooked());
    assertEquals(1, said.size(), said::toString);
  }
}
