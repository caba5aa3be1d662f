package dev.countersign.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Whether a folder may be a state folder: it holds nothing of anybody else, and lies where no other
 * stack writes under its own names.
 */
final class StateClaim {
  /** What a stack writes or reads here, and nobody else. */
  private static final List<String> OWN =
      List.of(
          "kafka",
          "kafka-secured",
          "kafka-security",
          "postgres",
          "keys",
          "programs",
          "logs",
          "children",
          StateMarker.REMOVING,
          StateFolder.ENV_FILE,
          StateMarker.NAME,
          EtcNames.FOLDER);

  /** What may be here before the first start. */
  private static final Set<String> GIVEN = Set.of(EtcNames.FOLDER, "claude-code.sh");

  private StateClaim() {}

  /**
   * Returns if a stack may make the folder its own, or has.
   *
   * @throws LaunchException if it may not
   */
  static void require(Path dir) throws IOException {
    if (Files.exists(dir) && !Files.isDirectory(dir)) {
      throw new LaunchException("the state folder " + dir + " is no folder");
    }
    Path absolute = dir.toAbsolutePath().normalize();
    requireOwnPlace(absolute);
    requireOwnPlace(StatePlace.real(absolute));
    for (String name : OWN) {
      if (StateMarker.isIn(dir.resolve(name))) {
        throw new LaunchException(
            "%s is a state folder itself, and %s would write and remove it as its own; move it, or choose another with --state"
                .formatted(dir.resolve(name), dir));
      }
    }
    if (Files.isDirectory(dir) && !StateMarker.isIn(dir) && !holdsOnlyWhatWasGiven(dir)) {
      throw new LaunchException(
          dir + " holds other files and is no state folder; choose another with --state");
    }
  }

  /** Another stack writes and removes what is in its folder under its names. */
  private static void requireOwnPlace(Path place) throws IOException {
    for (Path inner = place, dir = place.getParent();
        dir != null;
        inner = dir, dir = dir.getParent()) {
      if (OWN.contains(inner.getFileName().toString()) && StateMarker.isIn(dir)) {
        throw new LaunchException(
            "%s belongs to the state folder %s; choose another with --state, such as %s"
                .formatted(inner, dir, dir.resolve("NAME")));
      }
    }
  }

  /**
   * As before the first start, or if that ended before it had marked the folder. Other state
   * folders may lie in it.
   */
  private static boolean holdsOnlyWhatWasGiven(Path dir) throws IOException {
    for (Path entry : entries(dir)) {
      boolean unwritten = entry.endsWith(StateMarker.NAME) && entry.toFile().length() == 0;
      if (!wasGiven(entry) && !unwritten && !StateMarker.isIn(entry)) {
        return false;
      }
    }
    return true;
  }

  private static boolean wasGiven(Path entry) {
    return GIVEN.contains(entry.getFileName().toString());
  }

  private static List<Path> entries(Path dir) throws IOException {
    try (var entries = Files.list(dir)) {
      return entries.toList();
    }
  }
}
