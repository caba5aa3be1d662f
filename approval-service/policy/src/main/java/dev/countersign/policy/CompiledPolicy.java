package dev.countersign.policy;

import dev.countersign.policy.InvalidRulesException.Problem;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.paths.Places;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.rules.CompiledRule;
import dev.countersign.policy.rules.RuleBook;
import dev.countersign.policy.rules.RuleParser;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A policy ready to decide with: it always decides the same; shared between threads, cached by
 * fence.
 */
public final class CompiledPolicy {
  private final PolicySource source;
  private final ToolCatalogue tools;
  private final List<CompiledRule> written;
  private final RuleBook rules;
  private final Overrides overrides;
  private final List<String> warnings;
  private final EffectivePermissions effective;

  /** Of the last call; any thread may replace it. */
  private volatile Surroundings surroundings;

  private CompiledPolicy(
      PolicySource source,
      ToolCatalogue tools,
      List<CompiledRule> written,
      RuleBook rules,
      Overrides overrides,
      List<String> warnings) {
    this.source = source;
    this.tools = tools;
    this.written = List.copyOf(written);
    this.rules = rules;
    this.overrides = overrides;
    this.warnings = List.copyOf(warnings);
    this.effective = minimum(null);
  }

  /**
   * Compiles a policy with the tools in force.
   *
   * @throws InvalidRulesException if any rule or override is malformed or over-broad; all problems
   *     are listed
   */
  public static CompiledPolicy compile(PolicySource source) throws InvalidRulesException {
    return compile(source, ToolCatalogue.inForce());
  }

  /**
   * Compiles a policy.
   *
   * @throws InvalidRulesException if any rule or override is malformed or over-broad; all problems
   *     are listed
   */
  public static CompiledPolicy compile(PolicySource source, ToolCatalogue tools)
      throws InvalidRulesException {
    RuleParser parser = new RuleParser(tools);
    List<CompiledRule> compiled = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    if (source.shippedRules()) {
      ManagedRules.shipped().forEach(rule -> add(compiled, parser.read(rule, true)));
    }
    for (Rule rule : source.rules()) {
      CompiledRule read = parser.read(rule, false);
      if (rule.scope() == RuleScope.OVERLAY && rule.effect() == RuleEffect.ALLOW) {
        warnings.add(rule.text() + " [overlay] was dropped: an overlay may only ask and deny");
      } else {
        add(compiled, read);
      }
    }
    for (Ancestor ancestor : source.ancestors()) {
      for (Rule rule : ancestor.rules()) {
        if (rule.effect() != RuleEffect.ALLOW) {
          add(compiled, parser.read(rule, false));
        }
      }
    }
    List<Problem> problems = new ArrayList<>(parser.problems());
    source.overrides().forEach(override -> Overrides.check(override, tools, problems));
    checkProfile(source.permissions(), problems);
    source.ancestors().forEach(a -> checkProfile(a.permissions(), problems));
    if (!problems.isEmpty()) {
      throw new InvalidRulesException(problems);
    }
    warnings.addAll(parser.warnings());
    Overrides overrides = new Overrides(source.overrides());
    return new CompiledPolicy(source, tools, compiled, new RuleBook(compiled), overrides, warnings);
  }

  private static void add(List<CompiledRule> rules, CompiledRule rule) {
    if (rule != null) {
      rules.add(rule);
    }
  }

  private static void checkProfile(Permissions permissions, List<Problem> problems) {
    String word = permissions.profile();
    if (word != null && !Profile.isOne(word)) {
      problems.add(new Problem(word, 0, "no such profile; there are " + Profile.words()));
    }
  }

  /** The same policy after the user settled one thing more. */
  CompiledPolicy with(UserOverride override) {
    List<UserOverride> more = new ArrayList<>(source.overrides());
    more.add(override);
    PolicySource changed =
        new PolicySource(
            source.permissions(),
            source.rules(),
            more,
            source.ancestors(),
            source.shippedRules(),
            source.customProfiles());
    return new CompiledPolicy(changed, tools, written, rules, overrides.with(override), warnings);
  }

  /** The effective permissions: the minimum over the session and all its ancestors. */
  public Permissions effective() {
    return effective(null).asPermissions(source.permissions().workspaceRoots());
  }

  /**
   * The effective permissions of a call.
   *
   * @param claimed the mode the agent says it is in; null if it says nothing
   */
  public EffectivePermissions effective(PermissionMode claimed) {
    return claimed == null ? effective : minimum(claimed);
  }

  private EffectivePermissions minimum(PermissionMode claimed) {
    return EffectivePermissions.of(
        source.permissions(), source.ancestors(), claimed, source.customProfiles());
  }

  /** What was dropped or can never match (an overlay's allow, say), for people to see. */
  public List<String> warnings() {
    return warnings;
  }

  ToolCatalogue tools() {
    return tools;
  }

  RuleBook rules() {
    return rules;
  }

  /** Every rule, one by one. */
  List<CompiledRule> everyRule() {
    return written;
  }

  List<UserOverride> everyOverride() {
    return source.overrides();
  }

  Overrides overrides() {
    return overrides;
  }

  /** What rules need to know of a call. */
  CallFacts facts(ToolCall call, ToolEntry entry, EffectivePermissions permissions) {
    Surroundings around = surroundings;
    if (around == null || !around.fit(call, permissions)) {
      around = Surroundings.of(call, source.permissions().workspaceRoots(), permissions);
      surroundings = around;
    }
    return new CallFacts(call, entry, around.places(), around.bounds());
  }

  /** Where a call is made: the same for nearly all calls of a session. */
  private record Surroundings(
      EffectivePermissions permissions, Places places, List<List<String>> bounds) {
    static Surroundings of(ToolCall call, List<String> own, EffectivePermissions permissions) {
      return new Surroundings(
          permissions,
          new Places(call.cwd(), call.home(), roots(own, call.cwd())),
          permissions.roots().stream().map(set -> roots(set, call.cwd())).distinct().toList());
    }

    boolean fit(ToolCall call, EffectivePermissions now) {
      return now == permissions
          && Objects.equals(call.cwd(), places.cwd())
          && Objects.equals(call.home(), places.home());
    }
  }

  private static List<String> roots(List<String> set, String cwd) {
    List<String> roots = set.isEmpty() && cwd != null ? List.of(cwd) : set;
    return roots.stream().map(Paths::clean).toList();
  }
}
