package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.PathPattern;
import dev.countersign.policy.paths.Places;
import dev.countersign.policy.paths.Route;
import java.util.ArrayList;
import java.util.List;

/** Which files a touch picks out, as denies compare them, though it may not name them. */
public final class Picks {
  private Picks() {}

  /** Whether a touch picks out some file that a pattern is about. */
  public static boolean some(PathTouch touch, PathPattern pattern, Places places) {
    for (List<String> files : of(touch)) {
      if (pattern.pickedBy(files, places)) {
        return true;
      }
    }
    for (List<String> known : somewhere(touch)) {
      if (pattern.pickedSomewhere(known)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The globs that pick out some files: none for what may be any file, and for a change of what may
   * be a folder all below it, too.
   */
  private static List<List<String>> of(PathTouch touch) {
    for (List<String> files : List.of(touch.foldedGlob(), touch.likely())) {
      if (!files.isEmpty() && !files.get(0).equals("**")) {
        return changed(files, touch);
      }
    }
    return touch.writes() ? touch.routes().stream().map(Route::withAllBelow).toList() : List.of();
  }

  /** The segments that are known of what may lie in any folder. */
  private static List<List<String>> somewhere(PathTouch touch) {
    List<List<String>> known = new ArrayList<>();
    for (List<String> files : List.of(touch.foldedGlob(), touch.likely())) {
      if (files.size() > 1 && files.get(0).equals("**")) {
        known.addAll(changed(files.subList(1, files.size()), touch));
      }
    }
    return known;
  }

  private static List<List<String>> changed(List<String> files, PathTouch touch) {
    return touch.writes() ? List.of(files, below(files)) : List.of(files);
  }

  /** All below what some segments stand for. */
  static List<String> below(List<String> files) {
    List<String> below = new ArrayList<>(files);
    if (!files.get(files.size() - 1).equals("**")) {
      below.add("**");
    }
    return below;
  }
}
