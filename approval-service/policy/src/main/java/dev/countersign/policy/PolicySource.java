package dev.countersign.policy;

import java.util.List;
import java.util.Map;

/**
 * Everything that was set for one session of one user, before it is compiled.
 *
 * @param shippedRules whether the shipped managed rules apply
 * @param customProfiles what each {@code custom(name)} means; one that is missing may only read
 */
public record PolicySource(
    Permissions permissions,
    List<Rule> rules,
    List<UserOverride> overrides,
    List<Ancestor> ancestors,
    boolean shippedRules,
    Map<String, Profile> customProfiles) {
  public PolicySource {
    rules = List.copyOf(rules);
    overrides = List.copyOf(overrides);
    ancestors = List.copyOf(ancestors);
    customProfiles = Map.copyOf(customProfiles);
  }

  /** A policy without custom profiles. */
  public PolicySource(
      Permissions permissions,
      List<Rule> rules,
      List<UserOverride> overrides,
      List<Ancestor> ancestors,
      boolean shippedRules) {
    this(permissions, rules, overrides, ancestors, shippedRules, Map.of());
  }
}
