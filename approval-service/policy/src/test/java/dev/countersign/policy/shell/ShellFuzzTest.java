package dev.countersign.policy.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No input makes the reader throw, hang, overflow or cost more than linear time. */
class ShellFuzzTest {
  private static final int MEGABYTE = 1_000_000;
  private static final long MOST_STEPS = 2_000;

  @Test
  void tenThousandInputs() {
    random(10_000, 1);
    mutated(2_000, 2);
  }

  @Test
  @Tag("full")
  void aHundredThousandInputs() {
    random(80_000, 5);
    mutated(20_000, 6);
  }

  @Test
  @Tag("exhaustive")
  void aMillionInputs() {
    random(800_000, 3);
    mutated(200_000, 4);
  }

  private static void random(int count, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      read(HostileInputs.random(random));
    }
  }

  private static void mutated(int count, long seed) {
    ScriptMaker maker = new ScriptMaker(seed);
    for (int i = 0; i < count; i++) {
      read(maker.script());
    }
  }

  private static void read(String input) {
    Script script;
    try {
      script = ShellReader.read(input);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("thrown on: " + input, e);
    }
    for (Part part : script.parts()) {
      assertTrue(part.text().length() <= 400, "a long text for a part");
      if (part instanceof Part.Command command) {
        assertFalse(command.words().isEmpty(), () -> "no words: " + input);
        assertEquals(command.allowable(), command.whyNot() == null, () -> "why not? " + input);
        assertFalse(
            !command.allowable() && command.reach() != Part.Reach.OTHER, () -> "reach: " + input);
      }
    }
    assertEquals(script, ShellReader.read(input), () -> "not the same twice: " + input);
  }

  @Test
  void smallHostileInputsOfEveryKind() {
    for (String unit : HostileInputs.REPEATED) {
      read(HostileInputs.repeated(unit, 600));
    }
  }

  @Test
  void aDeepStackIsNeverNeeded() throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Runnable all =
        () -> {
          for (String unit : HostileInputs.REPEATED) {
            ShellReader.read(HostileInputs.repeated(unit, 20_000));
          }
        };
    Thread thread = new Thread(null, all, "small stack", 256 * 1024);
    thread.setUncaughtExceptionHandler((where, e) -> thrown[0] = e);
    thread.start();
    thread.join();
    assertEquals(null, thrown[0]);
  }

  @Test
  void aTextCostsNoMoreThanItsLength() {
    stepsGrowNoFasterThan(2_000);
    bytesGrowNoFasterThan(2_000);
  }

  @Test
  @Tag("full")
  void aMegabyteCostsNoMoreThanItsLength() {
    stepsGrowNoFasterThan(8_000);
    bytesGrowNoFasterThan(MEGABYTE / 8);
  }

  /** Eight times the text takes eight times the steps; a square would be 64. */
  private static void stepsGrowNoFasterThan(int length) {
    CountedReader reader = new CountedReader();
    for (String unit : HostileInputs.REPEATED) {
      String text = HostileInputs.repeated(unit, 8 * length);
      long whole = reader.steps(text);
      assertGrowth("steps", unit, reader.steps(HostileInputs.repeated(unit, length)), whole);
      assertTrue(
          whole <= MOST_STEPS * text.length(),
          () -> "\"" + unit + "\": more than " + MOST_STEPS + " steps a character");
    }
  }

  private static void bytesGrowNoFasterThan(int length) {
    for (String unit : HostileInputs.REPEATED) {
      long eighth = allocated(HostileInputs.repeated(unit, length));
      assertGrowth("bytes", unit, eighth, allocated(HostileInputs.repeated(unit, 8 * length)));
    }
  }

  /** A list that doubled just before its end makes up for the rest. */
  private static void assertGrowth(String what, String unit, long eighth, long whole) {
    assertTrue(
        whole <= 14 * eighth + 10_000,
        () -> "\"" + unit + "\": " + eighth + " " + what + ", eight times as long " + whole);
  }

  /** Bytes of memory this thread asked for: neither other threads nor the collector change it. */
  private static long allocated(String text) {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    ShellReader.read(text);
    return thread.getCurrentThreadAllocatedBytes() - before;
  }
}
