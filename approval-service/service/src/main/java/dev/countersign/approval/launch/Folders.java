package dev.countersign.approval.launch;

import java.nio.file.Path;
import java.util.List;

/** Whether a folder that an argument adds lies in the workspace anyway. */
final class Folders {
  private Folders() {}

  /**
   * Lexically, as nothing of the engine's machine can be looked at.
   *
   * @param roots every set of roots that bounds the workspace; an empty one is the folder that the
   *     engine is started in
   */
  static boolean inside(List<List<String>> roots, String folder) {
    return roots.stream().allMatch(set -> insideOne(set, folder));
  }

  private static boolean insideOne(List<String> roots, String folder) {
    if (folder.indexOf('\0') >= 0 || folder.startsWith("~") || folder.contains("$")) {
      return false;
    }
    Path path = Path.of(folder).normalize();
    if (!path.isAbsolute()) {
      return !path.startsWith("..");
    }
    return roots.stream().anyMatch(root -> path.startsWith(Path.of(root).normalize()));
  }
}
