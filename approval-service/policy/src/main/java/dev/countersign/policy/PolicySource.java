package dev.countersign.policy;

import java.util.List;

/**
 * Everything that was set for one session of one user, before it is compiled.
 *
 * @param shippedRules whether the shipped managed rules apply
 */
public record PolicySource(
    Permissions permissions,
    List<Rule> rules,
    List<UserOverride> overrides,
    List<Ancestor> ancestors,
    boolean shippedRules) {
  public PolicySource {
    rules = List.copyOf(rules);
    overrides = List.copyOf(overrides);
    ancestors = List.copyOf(ancestors);
  }
}
