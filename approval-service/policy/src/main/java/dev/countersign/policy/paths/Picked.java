package dev.countersign.policy.paths;

import dev.countersign.policy.paths.Places.Base;
import java.util.List;

/**
 * Which globs pick out what a pattern is about: more than that they might stand for it, as {@code
 * *} stands for any name. They say its name, or are all below a folder whose names are its first.
 */
final class Picked {
  /** So many characters of a name say which is meant. */
  private static final int ENOUGH = 4;

  private static final int ENOUGH_AT_FIRST = 3;

  /** The same of a folder with all below it: a dot and a letter. */
  private static final int ENOUGH_OF_A_FOLDER = 2;

  private final List<String> pattern;
  private final boolean anchored;

  Picked(List<String> pattern, boolean anchored) {
    this.pattern = pattern;
    this.anchored = anchored;
  }

  /**
   * Whether a glob of files picks out some.
   *
   * @param files its segments from the root, folded; {@code **} at the end for all below
   * @param bases what the pattern's anchor stands for
   */
  boolean by(List<String> files, List<Base> bases) {
    boolean below = files.get(files.size() - 1).equals("**");
    if (!below && files.stream().noneMatch(this::says)) {
      return false;
    }
    List<String> folder = files.subList(0, files.size() - 1);
    for (Base base : bases) {
      List<String> whole = base.with(pattern);
      if ((!below || beginsWith(whole, folder)) && Globs.meet(whole, files)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether segments of which the folder is not known pick out some: they hold the pattern's first
   * name, or all its first names if it is about one place, and fit the rest.
   *
   * @param known folded; {@code **} at the end for all below
   */
  boolean somewhere(List<String> known) {
    int from = pattern.size() > 1 && pattern.get(0).equals("**") ? 1 : 0;
    List<String> names = pattern.subList(from, pattern.size());
    int least = 1;
    while (anchored && least < names.size() && PathPattern.literal(names.get(least))) {
      least++;
    }
    for (int at = 0; at + least <= known.size(); at++) {
      boolean same = true;
      for (int i = 0; i < least && same; i++) {
        String name = known.get(at + i);
        boolean wild = Globs.wild(name);
        same =
            Globs.meet(names.get(i), name)
                && (!wild || !anchored && tells(name, names.get(i), ENOUGH_AT_FIRST));
      }
      if (same && Globs.meet(names, known.subList(at, known.size()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a folder's last names are the first of a pattern. */
  private boolean beginsWith(List<String> whole, List<String> folder) {
    int from = whole.get(0).equals("**") ? 1 : 0;
    int end = from;
    while (end < whole.size() && !whole.get(end).equals("**")) {
      end++;
    }
    List<String> first = whole.subList(from, end);
    int least = anchored ? first.size() : 1;
    for (int known = least; known <= Math.min(first.size(), folder.size()); known++) {
      boolean same = anchored || from > 0;
      int start = anchored ? 0 : folder.size() - known;
      for (int i = 0; i < known; i++) {
        String name = folder.get(start + i);
        same &=
            Globs.meet(first.get(i), name)
                && (!Globs.wild(name) || tells(name, first.get(i), ENOUGH_OF_A_FOLDER));
      }
      if (same) {
        return true;
      }
    }
    return false;
  }

  private boolean says(String segment) {
    int last = pattern.size() - 1;
    while (last > 0 && pattern.get(last).equals("**")) {
      last--;
    }
    for (int i = anchored ? last : 0; i <= last; i++) {
      String name = pattern.get(i);
      if (!name.equals("**")
          && Globs.meet(name, segment)
          && (!Globs.wild(segment) || tells(segment, name, ENOUGH_AT_FIRST))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a glob says which name is meant. A class of characters says none.
   *
   * @param least so many characters at its beginning do; of a name without a dot always {@link
   *     #ENOUGH_AT_FIRST}
   */
  private boolean tells(String glob, String name, int least) {
    boolean dotted = name.startsWith(".");
    if (dotted && !glob.startsWith(".")) {
      return false;
    }
    int extension = glob.lastIndexOf('.') > 0 ? glob.length() - glob.lastIndexOf('.') : 0;
    int known = 0;
    int first = -1;
    int fixed = -1;
    for (int i = 0; i < glob.length(); i++) {
      int end = glob.charAt(i) == '[' ? Brackets.end(glob, i) : -1;
      boolean star = glob.charAt(i) == '*';
      boolean wild = star || glob.charAt(i) == '?' || end > 0;
      first = wild && first < 0 ? known : first;
      fixed = star && fixed < 0 ? known : fixed;
      known += wild ? 0 : 1;
      i = Math.max(i, end);
    }
    first = first < 0 ? known : first;
    fixed = fixed < 0 ? known - extension : fixed;
    int enough = anchored ? 1 : dotted ? least : ENOUGH_AT_FIRST;
    return first >= enough || known - extension >= ENOUGH && (fixed >= ENOUGH || !Globs.wild(name));
  }
}
