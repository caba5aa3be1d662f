package dev.countersign.policy;

import java.util.List;

/**
 * A session above the one that asks: its permissions bound the child's, its denies and asks apply.
 */
public record Ancestor(Permissions permissions, List<Rule> rules) {
  public Ancestor {
    rules = List.copyOf(rules);
  }
}
