package dev.countersign.local.guard;

import java.io.IOException;

/**
 * A Java agent that ends its JVM when standard input ends. The launcher holds the other end of that
 * pipe, so the JVM ends with the launcher, also when that is killed with {@code kill -9}.
 */
public final class EndsWithLauncher {
  private static final long GRACE_MILLIS = 15_000;
  private static final int STATUS = 143;

  private EndsWithLauncher() {}

  /** Starts the watch. */
  public static void premain(String arguments) {
    daemon("launcher-watch", EndsWithLauncher::watch);
  }

  private static void watch() {
    try {
      while (System.in.read() >= 0) {
        // The launcher writes nothing; only the end counts.
      }
    } catch (IOException e) {
      // As good as the end.
    }
    daemon("launcher-watch-halt", EndsWithLauncher::haltAfterGrace);
    System.exit(STATUS);
  }

  private static void haltAfterGrace() {
    try {
      Thread.sleep(GRACE_MILLIS);
    } catch (InterruptedException e) {
      // Nobody interrupts it; halting at once is right too.
    }
    Runtime.getRuntime().halt(STATUS);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }
}
