package dev.countersign.policy.paths;

import dev.countersign.policy.tools.Resources;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Files that steer what later runs, from {@code protected-paths.txt}. */
public final class ProtectedPaths {
  private static final Set<String> FOLDERS =
      Resources.lines("protected-paths.txt").stream()
          .filter(line -> line.endsWith("/"))
          .map(line -> line.substring(0, line.length() - 1))
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<String> FILES =
      Resources.lines("protected-paths.txt").stream()
          .filter(line -> !line.endsWith("/"))
          .collect(Collectors.toUnmodifiableSet());

  private ProtectedPaths() {}

  /** Whether a path is one. */
  public static boolean holds(String path) {
    List<String> segments = Paths.segments(Oddities.folded(path));
    return !segments.isEmpty()
        && (segments.stream().anyMatch(FOLDERS::contains)
            || FILES.contains(segments.get(segments.size() - 1)));
  }
}
