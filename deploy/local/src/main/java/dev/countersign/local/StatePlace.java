package dev.countersign.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a state folder may lie. It holds signing keys and the tokens of people, so it must be where
 * the rules that ship keep agents out: in a folder with this name, wherever that is.
 */
final class StatePlace {
  static final String NAME = ".countersign";

  private StatePlace() {}

  /** The state folder of whoever names none: in the home, outside of every workspace. */
  static Path usual(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isBlank() ? System.getProperty("user.home") : home, NAME);
  }

  /**
   * Returns if the folder, which need not be there yet, is one named so or lies below one, both as
   * it is written and where its links lead.
   *
   * @throws LaunchException if it does not
   */
  static void require(Path state) {
    Path real = real(state);
    for (Path path : new Path[] {state, real}) {
      if (!isBelowOne(path)) {
        throw new LaunchException(
            "the state folder must be named %s or lie below a folder of that name, such as ~/%s/NAME: it holds keys and tokens, and the rules that ship keep agents out of such folders only; not %s%s"
                .formatted(
                    NAME, NAME, state, path.equals(state) ? "" : ", which leads to " + real));
      }
    }
  }

  private static boolean isBelowOne(Path path) {
    for (Path name : path) {
      if (name.toString().equals(NAME)) {
        return true;
      }
    }
    return false;
  }

  /** With the links of whatever is there already followed. */
  private static Path real(Path path) {
    Path parent = path.getParent();
    try {
      return Files.exists(path) || parent == null
          ? path.toRealPath()
          : real(parent).resolve(path.getFileName());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + path, e);
    }
  }
}
