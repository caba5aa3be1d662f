package dev.countersign.policy.paths;

import dev.countersign.policy.paths.Places.Base;
import java.util.List;

/** Which globs of files might stand for what a pattern is about; errs towards yes. */
final class Suspected {
  private final List<String> wide;
  private final String name;

  /**
   * What a pattern is about.
   *
   * @param wide its segments as denies read them, folded
   * @param name what a file must be called; null if any name fits
   */
  Suspected(List<String> wide, String name) {
    this.wide = wide;
    this.name = name;
  }

  boolean by(List<String> files, List<Base> bases) {
    for (Base base : bases) {
      if (by(files, base)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a glob might stand for what lies below a base, at or below some segments. */
  static boolean under(List<String> segments, List<String> files, List<Base> bases) {
    for (Base base : bases) {
      List<String> whole = base.with(segments);
      whole.add("**");
      if (Globs.meet(whole, files)) {
        return true;
      }
    }
    return false;
  }

  private boolean by(List<String> files, Base base) {
    int above = base.segments().size();
    int common = Math.min(files.size(), above + wide.size());
    for (int i = 0; i < common; i++) {
      String segment = i < above ? base.segments().get(i) : wide.get(i - above);
      if (segment.equals("**") || files.get(i).equals("**")) {
        break;
      }
      if (!Globs.meet(segment, files.get(i))) {
        return false;
      }
    }
    List<String> whole = base.with(wide);
    if (!onlyFile(files)) {
      whole.add("**");
    }
    return Globs.meet(whole, files);
  }

  /**
   * Whether the pattern's name is that of a file by custom ({@code .env}, {@code a.pem}, {@code
   * .npmrc}) and a search at any depth does not take it for a folder's: otherwise every search for
   * some kind of file would be one below a folder of that name.
   */
  private boolean onlyFile(List<String> files) {
    boolean custom =
        name != null
            && !wide.get(wide.size() - 1).equals("**")
            && (name.indexOf('.', 1) > 0 || name.startsWith(".env") || name.endsWith("rc"));
    if (!custom || !files.contains("**")) {
      return false;
    }
    for (String segment : files.subList(0, files.size() - 1)) {
      if (!segment.equals("**") && Globs.meet(name, segment)) {
        return false;
      }
    }
    return true;
  }
}
