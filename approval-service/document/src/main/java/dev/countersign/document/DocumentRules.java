package dev.countersign.document;

import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleScope;
import dev.countersign.policy.UserOverride;
import dev.countersign.protocol.UserDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks rules and overrides by compiling them with the policy that will decide with them, so that
 * what is stored can be decided with and what cannot is refused here.
 */
public final class DocumentRules {
  private static final Permissions ANY =
      new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of(), null);

  private DocumentRules() {}

  /** What is wrong with a whole document's rules and overrides; empty if nothing is. */
  static List<InvalidRulesException.Problem> check(UserDocument document) {
    List<UserOverride> overrides = new ArrayList<>();
    document
        .tools()
        .forEach(
            (name, tool) -> {
              OverrideLevel.of(tool.level())
                  .ifPresent(level -> overrides.add(new UserOverride(name, null, level)));
              tool.resources()
                  .forEach(
                      (resource, entry) ->
                          OverrideLevel.of(entry.level())
                              .ifPresent(
                                  level -> overrides.add(new UserOverride(name, resource, level))));
            });
    return compile(DocumentPolicy.rules(RuleScope.USER, document.rules()), overrides);
  }

  /** What is wrong with one override that is to be set, if anything. */
  public static Optional<String> faultOf(String tool, String resource, String level) {
    Optional<String> fault =
        faultOfLevel(level).map(f -> "level " + f).or(() -> faultOfNames(tool, resource));
    if (fault.isPresent()) {
      return fault;
    }
    UserOverride override = new UserOverride(tool, resource, OverrideLevel.of(level).orElseThrow());
    return compile(List.of(), List.of(override)).stream()
        .findFirst()
        .map(InvalidRulesException.Problem::reason);
  }

  /** What is wrong with the name of a tool or of its resource (null for the whole tool). */
  public static Optional<String> faultOfNames(String tool, String resource) {
    return Names.faultOfTool(tool)
        .or(() -> resource == null ? Optional.empty() : Names.faultOfResource(resource));
  }

  /** What is wrong with a level, if anything. */
  public static Optional<String> faultOfLevel(String word) {
    if (OverrideLevel.of(word).isPresent()) {
      return Optional.empty();
    }
    String right = "must be one of " + OverrideLevel.words();
    if (word == null) {
      return Optional.of(right);
    }
    boolean otherCase = OverrideLevel.of(word.toLowerCase(Locale.ROOT)).isPresent();
    return Optional.of(
        right + (otherCase ? ", in lower case" : "") + "; found " + Names.quoted(word));
  }

  private static List<InvalidRulesException.Problem> compile(
      List<Rule> rules, List<UserOverride> overrides) {
    try {
      CompiledPolicy.compile(new PolicySource(ANY, rules, overrides, List.of(), false));
      return List.of();
    } catch (InvalidRulesException e) {
      return e.problems();
    }
  }
}
