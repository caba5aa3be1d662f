package dev.countersign.policy.paths;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the anchors of a path rule stand for in one call. */
public final class Places {
  static final List<Base> DISK = List.of(Base.of("/"));

  /** What stands for a home nobody told: no path can be written so. */
  public static final String SOME_HOME = "/\u0000home";

  /** What stands for a working directory nobody told. */
  public static final String SOME_CWD = "/\u0000cwd";

  /** What stands for any other folder nobody told. */
  private static final String SOME_FOLDER = "/\u0000folder";

  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9._-]*");
  private static final Base SOME_USER = Base.of("/\u0000user");
  private static final Base HOME = Base.of(SOME_HOME);
  private static final Base CWD = Base.of(SOME_CWD);

  /** A folder an anchor stands for, clean, and as denies compare it. */
  public record Base(String path, String folded, List<String> segments) {
    public Base {
      segments = List.copyOf(segments);
    }

    /** A pattern below it, from the root. */
    List<String> with(List<String> below) {
      List<String> whole = new ArrayList<>(segments);
      whole.addAll(below);
      return whole;
    }

    static Base of(String path) {
      String clean = Paths.clean(path);
      String folded = Oddities.folded(clean);
      return new Base(clean, folded, Paths.segments(folded));
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
    this.working = List.of(cwd == null ? CWD : Base.of(cwd));
    this.homes = List.of(home == null ? HOME : Base.of(home));
    this.workspace =
        this.roots.isEmpty() && cwd == null ? working : this.roots.stream().map(Base::of).toList();
    List<Base> both = new ArrayList<>(working);
    workspace.stream().filter(base -> !both.contains(base)).forEach(both::add);
    this.workingOrWorkspace = List.copyOf(both);
  }

  /**
   * Names that denies know a path by whose beginning nobody told: below the home, below another
   * user's home, below one the shell remembers, or below the working directory.
   */
  public static List<String> standIns(String path) {
    if (!path.startsWith("~")) {
      return List.of(Paths.clean(SOME_CWD + "/" + path));
    }
    int slash = path.indexOf('/');
    String user = slash < 0 ? path.substring(1) : path.substring(1, slash);
    String rest = slash < 0 ? "" : path.substring(slash);
    List<String> homes = new ArrayList<>();
    if (user.isEmpty()) {
      homes.add(SOME_HOME);
    } else if (USER.matcher(user).matches()) {
      homes.addAll(List.of(SOME_USER.path(), "/home/" + user, "/Users/" + user));
      if (user.equals("root")) {
        homes.addAll(List.of("/root", "/var/root"));
      }
    } else {
      homes.add(SOME_FOLDER);
    }
    return homes.stream().map(home -> Paths.clean(home + rest)).toList();
  }

  /** Whether a path is one below another user's home. */
  static boolean ofUser(Route route) {
    return route.within(SOME_USER);
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

  /** Whether nothing is known of where a rule's anchor lies. */
  boolean unknown(Base base) {
    return base == HOME || base == CWD;
  }

  /** Whether both the home and the working directory are known. */
  public boolean complete() {
    return cwd != null && home != null;
  }

  /** The working directory, known or not. */
  List<Base> working() {
    return working;
  }

  /** The home, known or not. */
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
