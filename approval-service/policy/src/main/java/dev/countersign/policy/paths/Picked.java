package dev.countersign.policy.paths;

import dev.countersign.policy.paths.Places.Base;
import java.util.ArrayList;
import java.util.List;

/**
 * Which globs pick out what a pattern is about: more than that they might stand for it, as {@code
 * *} stands for any name. They say its name, or are all below a folder whose names are its first.
 */
final class Picked {
  /** So many characters of a name say which is meant. */
  private static final int ENOUGH = 4;

  private static final int ENOUGH_AT_FIRST = 3;

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
      List<String> whole = new ArrayList<>(base.segments());
      whole.addAll(pattern);
      if ((!below || beginsWith(whole, folder)) && Globs.meet(whole, files)) {
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
        same &= Globs.meet(first.get(i), name) && (!Globs.wild(name) || tells(name, first.get(i)));
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
          && (!Globs.wild(segment) || tells(segment, name))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a glob says which name is meant. */
  private boolean tells(String glob, String name) {
    if (name.startsWith(".") && !glob.startsWith(".")) {
      return false;
    }
    int known = 0;
    int first = -1;
    int extension = glob.lastIndexOf('.') > 0 ? glob.length() - glob.lastIndexOf('.') : 0;
    for (int i = 0; i < glob.length(); i++) {
      int end = glob.charAt(i) == '[' ? glob.indexOf(']', i + 2) : i;
      boolean wild = end < 0 || "*?".indexOf(glob.charAt(i)) >= 0;
      known += wild ? 0 : 1;
      first = wild && first < 0 ? i : first;
      i = Math.max(i, end);
    }
    first = first < 0 ? known : first;
    return first >= (anchored ? 1 : ENOUGH_AT_FIRST)
        || known - extension >= ENOUGH && !Globs.wild(name);
  }
}
