package dev.countersign.policy.paths;

import dev.countersign.policy.paths.Places.Base;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A path pattern as in a {@code .gitignore}, with an anchor: {@code //} the disk, {@code ~/} the
 * home, {@code /} the project, {@code ./} the working directory; without one it is relative to the
 * working directory, and a bare name fits at any depth below it.
 *
 * <p>Denies and asks read a pattern widely: case does not count, and a relative pattern fits at any
 * depth. Allows read it narrowly.
 */
public final class PathPattern {
  private enum Anchor {
    DISK,
    HOME,
    PROJECT,
    CWD,
    BARE
  }

  private static final Pattern ANY = Pattern.compile("\\*+");

  private final Anchor anchor;
  private final List<String> segments;
  private final List<String> folded;
  private final List<String> narrow;
  private final List<String> wide;
  private final boolean folder;
  private final LeftOut leftOut;
  private final Picked picked;
  private final Suspected suspected;

  private PathPattern(Anchor anchor, List<String> segments, boolean dotted) {
    this.anchor = anchor;
    this.segments = List.copyOf(segments);
    this.folded = segments.stream().map(Brackets::folded).toList();
    boolean anyDepth = anchor == Anchor.BARE || anchor == Anchor.CWD && !dotted;
    this.wide = anyDepth ? anyDepth(folded) : folded;
    this.narrow = anchor == Anchor.BARE ? anyDepth(this.segments) : this.segments;
    this.folder = segments.isEmpty() || !Globs.wild(segments.get(segments.size() - 1));
    this.leftOut = new LeftOut(this.segments);
    this.picked = new Picked(wide, anchored());
    this.suspected = new Suspected(wide, fileName());
  }

  /** Reads a pattern. */
  public static PathPattern of(String text) {
    if (text.startsWith("//")) {
      return new PathPattern(Anchor.DISK, split(text.substring(2)), false);
    }
    if (text.equals("~") || text.startsWith("~/")) {
      return new PathPattern(Anchor.HOME, split(text.substring(1)), false);
    }
    if (text.startsWith("/")) {
      return new PathPattern(Anchor.PROJECT, split(text), false);
    }
    if (text.startsWith("./")) {
      return new PathPattern(Anchor.CWD, split(text.substring(2)), true);
    }
    List<String> segments = split(text);
    boolean bare = segments.size() == 1 && !segments.get(0).equals("**");
    return new PathPattern(bare ? Anchor.BARE : Anchor.CWD, segments, false);
  }

  private static List<String> split(String text) {
    List<String> segments = new ArrayList<>();
    for (String segment : text.split("/")) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return segments;
  }

  /** Whether an allow of this pattern holds for a clean absolute path. */
  public boolean allows(String path, Places places) {
    for (Base base : bases(places, false)) {
      if (Paths.within(path, base.path()) && Globs.fits(narrow, below(path, base.path()), folder)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a deny or ask of this pattern holds for a path. */
  public boolean forbids(Route route, Places places) {
    for (Base base : bases(places, true)) {
      if (route.within(base) && Globs.fits(wide, route.below(base), true)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether some file that a glob of files could name might be forbidden; errs towards yes.
   *
   * @param files its segments from the root, folded
   */
  public boolean mayForbid(List<String> files, Places places) {
    return suspected.by(files, bases(places, true));
  }

  /**
   * Whether a glob of files with some ending that may be forbidden means a place the pattern is
   * written for, and not just a folder of that name at any depth.
   */
  public boolean mayMean(List<String> files, Places places) {
    int last = files.size() - 1;
    boolean written = anchor == Anchor.CWD && wide != folded && anchored();
    boolean ending = Globs.wild(files.get(last)) && files.get(last).matches("\\*+\\.\\w+");
    if (!written || !ending) {
      return true;
    }
    return Suspected.under(folded, files, bases(places, true))
        || files.subList(0, last).stream().anyMatch(this::mayBeNamed);
  }

  /** Whether a segment that says something of a name may be one that the pattern holds. */
  private boolean mayBeNamed(String segment) {
    return !ANY.matcher(segment).matches()
        && folded.stream().anyMatch(n -> !ANY.matcher(n).matches() && Globs.meet(n, segment));
  }

  /** The same question where a folder is one that nobody told. */
  public Untold untold(Places places) {
    return new Untold(wide, bases(places, true), anchor == Anchor.HOME, places);
  }

  /**
   * Whether a glob of files picks out what it is about.
   *
   * @param files its segments from the root, folded; {@code **} at the end for all below
   */
  public boolean pickedBy(List<String> files, Places places) {
    return picked.by(files, bases(places, true));
  }

  /**
   * The same of files in a folder that is not known.
   *
   * @param known their last segments, folded
   */
  public boolean pickedSomewhere(List<String> known) {
    return picked.somewhere(known);
  }

  /** What a search leaves alone, compared with what the pattern is about. */
  public LeftOut leftOut() {
    return leftOut;
  }

  /** Whether the pattern names a place, and not just a kind of file anywhere. */
  public boolean anchored() {
    return anchor != Anchor.BARE && !segments.isEmpty() && !segments.get(0).equals("**");
  }

  /** Whether it names nothing but a kind of file anywhere, by one name. */
  public boolean onlyName() {
    return !anchored() && segments.stream().filter(s -> !s.equals("**")).count() == 1;
  }

  /** Whether it is about files whose name begins with a dot. */
  public boolean hidden() {
    return folded.stream().anyMatch(segment -> segment.startsWith("."));
  }

  /**
   * The longest run of segments that every path it fits must hold one after the other, folded;
   * empty if there is none.
   */
  public List<String> literalRun() {
    List<String> longest = List.of();
    int start = 0;
    for (int i = 0; i <= folded.size(); i++) {
      if (i == folded.size() || !literal(folded.get(i))) {
        longest = i - start > longest.size() ? folded.subList(start, i) : longest;
        start = i + 1;
      }
    }
    return longest;
  }

  static boolean literal(String segment) {
    return !Globs.wild(segment) && segment.indexOf('\\') < 0 && !segment.equals("..");
  }

  /** An extension that some segment of every path it fits must have, folded; null if none. */
  public String extension() {
    for (String segment : folded) {
      int wild = -1;
      for (char c : new char[] {'*', '?', '[', ']', '\\'}) {
        wild = Math.max(wild, segment.lastIndexOf(c));
      }
      String extension = extension(segment.substring(wild + 1));
      if (extension != null && !segment.equals("..")) {
        return extension;
      }
    }
    return null;
  }

  /** What a name ends with, from its last dot on; null if it has none. */
  public static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? null : name.substring(dot);
  }

  /** The last segment: what a file must be called; null if any name fits. */
  public String fileName() {
    for (int i = folded.size() - 1; i >= 0; i--) {
      if (!folded.get(i).equals("**")) {
        return folded.get(i);
      }
    }
    return null;
  }

  private List<Base> bases(Places places, boolean wide) {
    return switch (anchor) {
      case DISK -> Places.DISK;
      case HOME -> places.homes();
      case PROJECT -> wide ? places.workspace() : places.project();
      case CWD, BARE -> wide ? places.workingOrWorkspace() : places.working();
    };
  }

  private static List<String> anyDepth(List<String> segments) {
    List<String> deep = new ArrayList<>();
    deep.add("**");
    deep.addAll(segments);
    return deep;
  }

  private static List<String> below(String path, String base) {
    return Paths.segments(path.substring(base.equals("/") ? 0 : base.length()));
  }
}
