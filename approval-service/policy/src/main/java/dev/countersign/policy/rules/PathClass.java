package dev.countersign.policy.rules;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.paths.Places;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A class of folders that a {@code Delete} rule may name. */
enum PathClass {
  ROOT("<root>"),
  HOME("<home>"),
  SYSTEM("<system>"),
  WORKSPACE("<workspace>"),
  UNRESOLVED("<unresolved>");

  private static final Set<String> TOP =
      Set.of(
          "applications",
          "bin",
          "boot",
          "dev",
          "etc",
          "home",
          "lib",
          "lib32",
          "lib64",
          "library",
          "mnt",
          "media",
          "opt",
          "private",
          "proc",
          "root",
          "run",
          "sbin",
          "srv",
          "sys",
          "system",
          "users",
          "usr",
          "var",
          "volumes");
  private static final Set<String> NESTED = Set.of("usr", "var", "system", "library", "boot");

  private final String word;

  PathClass(String word) {
    this.word = word;
  }

  static Optional<PathClass> of(String word) {
    return Arrays.stream(values()).filter(c -> c.word.equals(word)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(c -> c.word).collect(Collectors.joining(", "));
  }

  /** Whether removing what is touched removes such a folder, or all it holds. */
  boolean holds(PathTouch touch, Places places) {
    if (this == UNRESOLVED) {
      return touch.unresolved();
    }
    boolean searched = touch.written().endsWith("/**");
    if (!touch.glob().isEmpty() && (!empties(touch.written()) || searched && this == WORKSPACE)) {
      return false;
    }
    return touch.everywhere().anyMatch(path -> holds(path, places));
  }

  /** Whether a glob names everything in one folder. */
  private static boolean empties(String glob) {
    String last = glob.substring(glob.lastIndexOf('/') + 1);
    String folder = glob.substring(0, glob.length() - last.length());
    return Set.of("*", ".*", "?*", "**", ".[!.]*").contains(last)
        && folder.chars().noneMatch(c -> c == '*' || c == '?' || c == '[');
  }

  private boolean holds(String path, Places places) {
    List<String> segments = Paths.segments(path.toLowerCase(java.util.Locale.ROOT));
    return switch (this) {
      case ROOT -> segments.isEmpty();
      case HOME ->
          places.home() != null && Paths.within(Paths.clean(places.home()), path)
              || segments.size() == 2 && Set.of("home", "users").contains(segments.get(0))
              || segments.equals(List.of("root"));
      case SYSTEM ->
          segments.size() == 1 && TOP.contains(segments.get(0))
              || segments.size() == 2 && NESTED.contains(segments.get(0));
      case WORKSPACE -> places.roots().stream().anyMatch(root -> Paths.within(root, path));
      case UNRESOLVED -> false;
    };
  }
}
