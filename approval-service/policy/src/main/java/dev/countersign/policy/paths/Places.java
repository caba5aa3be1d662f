package dev.countersign.policy.paths;

import java.util.List;

/**
 * What the anchors of a path rule stand for in one call.
 *
 * @param cwd null if unknown
 * @param home null if unknown
 * @param roots the workspace; the first is the project
 */
public record Places(String cwd, String home, List<String> roots) {
  public Places {
    roots = List.copyOf(roots);
  }
}
