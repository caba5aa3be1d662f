package dev.countersign.policy;

import dev.countersign.policy.paths.Paths;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that something holds for: nothing, everything, or what lies in each of some sets of folders
 * at once.
 *
 * @param within the sets; empty for everywhere; an empty set is the call's working directory
 */
public record Area(boolean nothing, List<List<String>> within) {
  static final Area NOWHERE = new Area(true, List.of());
  static final Area EVERYWHERE = new Area(false, List.of());

  public Area {
    within = List.copyOf(within);
  }

  public boolean everywhere() {
    return !nothing && within.isEmpty();
  }

  /** The same, but only in one of these folders; an empty list is the call's working directory. */
  Area in(List<String> folders) {
    List<List<String>> more = new ArrayList<>(within);
    more.add(folders.stream().map(Paths::clean).distinct().toList());
    return new Area(nothing, more);
  }

  /** The folders as a person says it. Only for an area that is neither nothing nor everywhere. */
  public String text() {
    List<String> known = null;
    boolean working = false;
    for (List<String> set : within) {
      if (set.isEmpty()) {
        working = true;
      } else {
        known = known == null ? set : common(known, set);
      }
    }
    if (known == null) {
      return "the working directory";
    }
    String folders = String.join(" or ", known);
    return working ? folders + ", as far as it is in the working directory" : folders;
  }

  /** Whether the sets have nothing in common. */
  boolean empty() {
    return within.stream()
        .filter(set -> !set.isEmpty())
        .reduce(Area::common)
        .map(List::isEmpty)
        .orElse(false);
  }

  private static List<String> common(List<String> a, List<String> b) {
    List<String> common = new ArrayList<>();
    for (String one : a) {
      for (String other : b) {
        String inner = Paths.within(one, other) ? one : Paths.within(other, one) ? other : null;
        if (inner != null && !common.contains(inner)) {
          common.add(inner);
        }
      }
    }
    return common;
  }
}
