package dev.countersign.policy.shell;

import java.util.List;

/** Reads shell text conservatively. Linear in its length; never throws on any input. */
public final class ShellReader {
  private ShellReader() {}

  /** Reads a script. */
  public static Script read(String source) {
    return new Script(List.of(), "not read yet: " + source.length() + " characters");
  }
}
