package dev.countersign.policy.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No input makes the reader throw, hang, overflow or cost more than linear time. */
class ShellFuzzTest {
  private static final int MEGABYTE = 1_000_000;

  @Test
  void tenThousandInputs() {
    random(10_000, 1);
    mutated(2_000, 2);
  }

  @Test
  @Tag("full")
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
  @Tag("full")
  void aMegabyteCostsNoMoreThanItsLength() {
    for (String unit : HostileInputs.REPEATED) {
      cost(unit, MEGABYTE / 8);
      double eighth = Math.max(20, cost(unit, MEGABYTE / 8));
      double whole = cost(unit, MEGABYTE);
      assertTrue(
          whole < 24 * eighth && whole < 20_000,
          () -> "\"" + unit + "\": " + eighth + " ms, eight times as long " + whole + " ms");
    }
  }

  /** Milliseconds of processor time, which other processes do not change. */
  private static double cost(String unit, int length) {
    String text = HostileInputs.repeated(unit, length);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    ShellReader.read(text);
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e6;
  }
}
