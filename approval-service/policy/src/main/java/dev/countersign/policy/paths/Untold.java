package dev.countersign.policy.paths;

import dev.countersign.policy.paths.Places.Base;
import java.util.ArrayList;
import java.util.List;

/**
 * What a deny of a pattern could be about where somebody did not tell a folder: the home, the
 * working directory, another user's home. Such a folder could be any.
 *
 * @param pattern its segments as denies read them, folded
 * @param bases the folders its anchor stands for, known or not
 * @param home whether it is anchored at the home
 */
public record Untold(List<String> pattern, List<Base> bases, boolean home, Places places) {
  private static final List<String> DEEP = List.of("**");

  public Untold {
    pattern = List.copyOf(pattern);
    bases = List.copyOf(bases);
  }

  /** Whether it could be about a path that is known, if the pattern's anchor is not. */
  public boolean couldMean(Route route) {
    for (Base base : bases) {
      if (places.unknown(base) && Globs.fits(join(DEEP, pattern), route.segments(), true)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether it could be about files below a folder that nobody told.
   *
   * @param known their segments below that folder, folded
   * @param from what stands for the folder
   * @param named whether some name of the pattern must stand among the known segments
   */
  public boolean couldMean(List<String> known, List<Route> from, boolean named) {
    for (Base base : bases) {
      boolean could =
          same(base, from)
              ? Globs.meet(join(pattern, DEEP), known)
              : ends(known) || !named && anywhere(known, base);
      if (could) {
        return true;
      }
    }
    return false;
  }

  /** Whether the files lie below the very folder the pattern begins at, whichever that is. */
  private boolean same(Base base, List<Route> from) {
    for (Route route : from) {
      if (places.unknown(base) && route.within(base) || home && Places.ofUser(route)) {
        return true;
      }
    }
    return false;
  }

  private boolean anywhere(List<String> known, Base base) {
    List<String> above = places.unknown(base) ? DEEP : base.segments();
    return Globs.meet(join(above, pattern), join(DEEP, known));
  }

  /** Whether the end of the pattern, from a name in it on, fits the segments that are known. */
  private boolean ends(List<String> known) {
    boolean told = !known.isEmpty() && name(known.get(0));
    for (int i = 0; i < pattern.size() && told; i++) {
      List<String> end = pattern.subList(i, pattern.size());
      if (name(end.get(0)) && Globs.meet(join(end, DEEP), known)) {
        return true;
      }
    }
    return false;
  }

  private static boolean name(String segment) {
    return segment.chars().anyMatch(Character::isLetterOrDigit);
  }

  private static List<String> join(List<String> folder, List<String> segments) {
    List<String> whole = new ArrayList<>(folder);
    whole.addAll(segments);
    return whole;
  }
}
