package dev.countersign.policy.paths;

import java.util.ArrayList;
import java.util.List;

/** What the anchors of a path rule stand for in one call. */
public final class Places {
  static final List<Base> DISK = List.of(Base.of("/"));

  /** A folder an anchor stands for, clean, and as denies compare it. */
  record Base(String path, String folded, List<String> segments) {
    static Base of(String path) {
      String clean = Paths.clean(path);
      String folded = Oddities.folded(clean);
      return new Base(clean, folded, List.copyOf(Paths.segments(folded)));
    }
  }

  private final String cwd;
  private final String home;
  private final List<String> roots;
  private final List<Base> working;
  private final List<Base> homes;
  private final List<Base> workspace;
  private final List<Base> workingOrWorkspace;

  /**
   * Takes them from a call.
   *
   * @param cwd null if unknown
   * @param home null if unknown
   * @param roots the workspace; the first is the project
   */
  public Places(String cwd, String home, List<String> roots) {
    this.cwd = cwd;
    this.home = home;
    this.roots = List.copyOf(roots);
    this.working = cwd == null ? List.of() : List.of(Base.of(cwd));
    this.homes = home == null ? List.of() : List.of(Base.of(home));
    this.workspace = this.roots.stream().map(Base::of).toList();
    List<Base> both = new ArrayList<>(working);
    workspace.stream().filter(base -> !both.contains(base)).forEach(both::add);
    this.workingOrWorkspace = List.copyOf(both);
  }

  public String cwd() {
    return cwd;
  }

  public String home() {
    return home;
  }

  public List<String> roots() {
    return roots;
  }

  /** The working directory; empty if unknown. */
  List<Base> working() {
    return working;
  }

  /** The home; empty if unknown. */
  List<Base> homes() {
    return homes;
  }

  /** All roots of the workspace. */
  List<Base> workspace() {
    return workspace;
  }

  /** The first root of the workspace. */
  List<Base> project() {
    return workspace.subList(0, Math.min(1, workspace.size()));
  }

  List<Base> workingOrWorkspace() {
    return workingOrWorkspace;
  }
}
