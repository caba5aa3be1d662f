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
    boolean several =
        touch.lost() ? touch.known().stream().anyMatch(PathClass::wild) : !touch.glob().isEmpty();
    if (several && (!empties(touch.written()) || searched && this == WORKSPACE)) {
      return false;
    }
    return touch.everywhere().anyMatch(path -> holds(path, places))
        || touch.lost() && named(touch.known(), places);
  }

  private static boolean wild(String segment) {
    return segment.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /** Whether a path below a folder nobody told has the name of such a folder. */
  private boolean named(List<String> known, Places places) {
    String end = "/" + String.join("/", known.stream().filter(s -> !wild(s)).toList());
    return switch (this) {
      case ROOT, SYSTEM -> holds(end, places);
      case HOME -> places.home() != null && Paths.clean(places.home()).endsWith(end);
      case WORKSPACE -> places.roots().stream().anyMatch(root -> root.endsWith(end));
      case UNRESOLVED -> false;
    };
  }

  /** Whether a glob names everything in one folder. */
  private static boolean empties(String glob) {
    String last = glob.substring(glob.lastIndexOf('/') + 1);
    String folder = glob.substring(0, glob.length() - last.length());
    return Set.of("*", ".*", "?*", "**", ".[!.]*").contains(last) && !wild(folder);
  }

  private boolean holds(String path, Places places) {
    List<String> segments = Paths.segments(path.toLowerCase(java.util.Locale.ROOT));
    return switch (this) {
      case ROOT -> segments.isEmpty();
      case HOME ->
          Paths.within(home(places), path)
              || segments.size() == 2 && Set.of("home", "users").contains(segments.get(0))
              || segments.equals(List.of("root"));
      case SYSTEM ->
          segments.size() == 1 && TOP.contains(segments.get(0))
              || segments.size() == 2 && NESTED.contains(segments.get(0));
      case WORKSPACE ->
          places.roots().stream().anyMatch(root -> Paths.within(root, path))
              || places.cwd() == null && Paths.within(Places.SOME_CWD, path);
      case UNRESOLVED -> false;
    };
  }

  private static String home(Places places) {
    return places.home() == null ? Places.SOME_HOME : Paths.clean(places.home());
  }
}
