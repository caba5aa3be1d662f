package dev.countersign.policy;

import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.rules.CompiledRule;
import dev.countersign.policy.rules.ToolRules;
import dev.countersign.policy.tools.ToolEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tools a session's model should be offered: those of the catalogue that could run at all.
 *
 * <p>It never contradicts {@link Authority}: a tool is left out only if every call of it would be
 * denied, {@code at_once} is said only if every call of it would be allowed, and {@code asks} only
 * if none would be without a person. Where the input decides and it cannot be told beforehand, the
 * tool is offered.
 */
public final class OfferedTools {
  /** How a tool runs. */
  public enum Runs {
    /** Whatever its input. */
    AT_ONCE("at_once"),
    /** At best after a person was asked. */
    ASKS("asks"),
    /** Some calls may run at once; its input decides. */
    DEPENDS("depends");

    private final String word;

    Runs(String word) {
      this.word = word;
    }

    /** The word that stands for it everywhere outside Java. */
    public String word() {
      return word;
    }
  }

  /** A tool and how it runs. */
  public record Offered(ToolEntry tool, Runs runs) {}

  private final CompiledPolicy policy;
  private final EffectivePermissions permissions;
  private final ToolEntry tool;
  private final CallFacts facts;
  private final List<UserOverride> overrides;
  private final List<Grant> grants;

  private OfferedTools(CompiledPolicy policy, ToolEntry tool, List<Grant> grants) {
    this.policy = policy;
    this.permissions = policy.effective(null);
    this.tool = tool;
    this.facts = policy.facts(call(), tool, permissions);
    this.overrides =
        policy.everyOverride().stream().filter(o -> o.tool().equals(tool.name())).toList();
    this.grants = grants.stream().filter(this::concerns).toList();
  }

  /**
   * The tools, in the order of the catalogue.
   *
   * @param grants those alive for this session, in any turn
   */
  public static List<Offered> of(CompiledPolicy policy, List<Grant> grants) {
    return policy.tools().all().stream()
        .flatMap(
            tool ->
                new OfferedTools(policy, tool, grants)
                    .runs().map(runs -> new Offered(tool, runs)).stream())
        .toList();
  }

  private ToolCall call() {
    return new ToolCall(tool.name(), Map.of(), null, null, Map.of(), null, null);
  }

  private boolean concerns(Grant grant) {
    return grant.tool() == null || grant.tool().equals(tool.name());
  }

  private Optional<Runs> runs() {
    if (alike()) {
      Verdict verdict = Authority.judge(policy, call(), null, List.of()).verdict();
      if (verdict instanceof Verdict.Deny) {
        return Optional.empty();
      }
      return Optional.of(verdict instanceof Verdict.Allow ? Runs.AT_ONCE : Runs.ASKS);
    }
    if (denied()) {
      return Optional.empty();
    }
    if (mayRun()) {
      return Optional.of(Runs.DEPENDS);
    }
    return mayAsk() ? Optional.of(Runs.ASKS) : Optional.empty();
  }

  /** Whether all calls of the tool come to the same: then any of them tells. */
  private boolean alike() {
    boolean background =
        tool.has("background") && permissions.executionPolicy() == ExecutionPolicy.FOREGROUND_ONLY;
    boolean named = tool.has("name") && overrides.stream().anyMatch(o -> o.resource() != null);
    boolean switching =
        tool.kind() == ToolKind.SWITCH_MODE
            && permissions.mode() == PermissionMode.BYPASS_PERMISSIONS;
    return (!tool.reaches() || switching)
        && !background
        && !named
        && grants.isEmpty()
        && policy.everyRule().stream().noneMatch(rule -> ToolRules.partly(rule, facts));
  }

  /** What denies every call, whatever is settled elsewhere. */
  private boolean denied() {
    return rules(RuleEffect.DENY).anyMatch(this::whole) || planGate();
  }

  private boolean planGate() {
    return permissions.mode() == PermissionMode.PLAN && changesFiles() && !mayWriteThePlan();
  }

  private boolean changesFiles() {
    return switch (tool.kind()) {
      case EDIT, DELETE, MOVE -> true;
      case READ, SEARCH, EXECUTE, THINK, FETCH, SWITCH_MODE, OTHER -> false;
    };
  }

  private boolean mayWriteThePlan() {
    return changesFiles() && permissions.planFile() != null;
  }

  /** The user settled the whole tool at this level, and nothing narrower otherwise. */
  private boolean settledWhole(OverrideLevel level) {
    return overrides.stream().anyMatch(o -> o.resource() == null && o.level() == level)
        && overrides.stream().noneMatch(o -> o.resource() != null && o.level() != level);
  }

  private boolean settled(OverrideLevel level) {
    return overrides.stream().anyMatch(o -> o.level() == level);
  }

  /** Whether some call may be allowed without a person. */
  private boolean mayRun() {
    boolean bypass = permissions.mode() == PermissionMode.BYPASS_PERMISSIONS;
    boolean othersAsk = rules(RuleEffect.ASK).filter(r -> !Layers.own(r)).anyMatch(this::whole);
    if (settledWhole(OverrideLevel.NEVER) || othersAsk && !bypass) {
      return false;
    }
    boolean barred = permissions.mode() == PermissionMode.PLAN && PlanGate.bars(tool.kind());
    if (!barred && settled(OverrideLevel.ALWAYS)
        || grants.stream().anyMatch(g -> g.inPlan() || !barred)) {
      return true;
    }
    boolean usersAsk =
        settledWhole(OverrideLevel.ASK) || rules(RuleEffect.ASK).anyMatch(this::whole);
    if (usersAsk && !bypass) {
      return false;
    }
    return rules(RuleEffect.ALLOW)
            .filter(rule -> rule.diagnostic() || !barred)
            .anyMatch(rule -> ToolRules.some(rule, facts))
        || Coverage.mayCover(permissions, tool)
        || mayWriteThePlan()
        || tool.defaultLevel() == OverrideLevel.ALWAYS && !barred
        || Layers.mayTrust(permissions, tool);
  }

  /** Whether some call may reach a person. */
  private boolean mayAsk() {
    ApprovalPolicy approval = permissions.approvalPolicy();
    if (permissions.headless() || approval == ApprovalPolicy.BLOCK_REQUIRES_APPROVAL) {
      return false;
    }
    if (tool.kind() == ToolKind.SWITCH_MODE) {
      return true;
    }
    if (settledWhole(OverrideLevel.NEVER)) {
      return false;
    }
    Stream<CompiledRule> asks = rules(RuleEffect.ASK).filter(r -> ToolRules.some(r, facts));
    if (approval == ApprovalPolicy.NEVER_ASK) {
      return asks.anyMatch(Layers::firm);
    }
    return tool.defaultLevel() != OverrideLevel.NEVER
        || settled(OverrideLevel.ASK)
        || asks.findAny().isPresent()
        || rules(RuleEffect.DENY).anyMatch(rule -> ToolRules.some(rule, facts));
  }

  private boolean whole(CompiledRule rule) {
    return ToolRules.whole(rule, facts);
  }

  private Stream<CompiledRule> rules(RuleEffect effect) {
    Predicate<CompiledRule> of = rule -> rule.rule().effect() == effect;
    return policy.everyRule().stream().filter(of);
  }
}
