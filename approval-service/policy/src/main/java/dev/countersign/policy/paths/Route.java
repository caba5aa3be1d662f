package dev.countersign.policy.paths;

import dev.countersign.policy.paths.Places.Base;
import java.util.ArrayList;
import java.util.List;

/**
 * A clean absolute path as denies compare it, taken apart once for all of them.
 *
 * @param folded the path without case and width
 * @param segments of the folded path
 * @param aligned whether folding left slashes and dots where they are
 */
public record Route(String folded, List<String> segments, boolean aligned) {
  /** The route of a clean absolute path. */
  public static Route of(String path) {
    String folded = Oddities.folded(path);
    return new Route(folded, Paths.segments(folded), Oddities.ascii(path));
  }

  /** Its segments and all below. */
  public List<String> withAllBelow() {
    List<String> below = new ArrayList<>(segments);
    below.add("**");
    return below;
  }

  boolean within(Base base) {
    return Paths.within(folded, base.folded());
  }

  /** The folded segments below a base it lies within. */
  List<String> below(Base base) {
    return aligned
        ? segments.subList(base.segments().size(), segments.size())
        : Paths.segments(folded.substring(base.folded().equals("/") ? 0 : base.folded().length()));
  }
}
