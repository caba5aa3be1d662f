package dev.countersign.policy.parts;

import dev.countersign.policy.shell.PathUse.Use;
import java.util.List;

/** Something outside itself that a part reaches. */
public sealed interface Touch {
  /** As the agent wrote it. */
  String written();

  /** Why it is not known for certain; null if it is. */
  String doubt();

  /**
   * A file or folder.
   *
   * @param places where it may be: clean absolute paths, link and target, for each folder the
   *     command may run in; for a glob, the folder it looks in
   * @param glob the files meant, as segments from the root, if it is more than {@code places}; else
   *     empty
   * @param content whether a search reads the files, and not only their names
   * @param unresolved whether it begins with a variable nobody resolved
   */
  record PathTouch(
      String written,
      Use use,
      List<String> places,
      List<String> glob,
      boolean content,
      boolean unresolved,
      String doubt)
      implements Touch {
    public PathTouch {
      places = List.copyOf(places);
      glob = List.copyOf(glob);
    }

    /** Whether it changes what it touches. */
    public boolean writes() {
      return use != Use.READ;
    }
  }

  /** A host. */
  record HostTouch(String written, String host, String doubt) implements Touch {}
}
