package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.rules.CompiledRule;
import dev.countersign.policy.shell.Part.Reach;
import java.util.List;
import java.util.Optional;

/** One call before the order of decision: what every layer looks at. */
record Case(
    CompiledPolicy policy,
    CallFacts call,
    EffectivePermissions permissions,
    List<CompiledGrant> grants) {

  /**
   * A living grant.
   *
   * @param settled what it allows as an override would; null if it is for one call
   */
  record CompiledGrant(Grant grant, Overrides settled) {
    static CompiledGrant of(Grant grant) {
      boolean exact = grant.digest() != null || grant.tool() == null;
      UserOverride settled = new UserOverride(grant.tool(), grant.resource(), OverrideLevel.ALWAYS);
      return new CompiledGrant(grant, exact ? null : new Overrides(List.of(settled)));
    }
  }

  static Case of(
      CompiledPolicy policy, CallFacts call, EffectivePermissions permissions, List<Grant> grants) {
    return new Case(policy, call, permissions, grants.stream().map(CompiledGrant::of).toList());
  }

  boolean bypass() {
    return permissions.mode() == PermissionMode.BYPASS_PERMISSIONS;
  }

  boolean planning() {
    return permissions.mode() == PermissionMode.PLAN;
  }

  Coverage coverage() {
    return new Coverage(permissions, call);
  }

  /** A deny that might hold for a part which cannot be read to the end. */
  Optional<CompiledRule> possibleDeny(CallPart part) {
    Optional<CompiledRule> inScope =
        part.doubt() != null && part.inShell() && !part.is(Doubt.Kind.UNCLEAR)
            ? policy.rules().denyInScope(call, false)
            : Optional.empty();
    Optional<CompiledRule> possible =
        inScope.isPresent() ? inScope : policy.rules().possibleDeny(part, call);
    return possible.isPresent() ? possible : policy.rules().denyForWantOfFacts(part, call);
  }

  /** A living grant for exactly this call that holds for the part. */
  Optional<Grant> exactGrant(CallPart part) {
    String digest = call.call().digest();
    if (digest == null || grants.isEmpty()) {
      return Optional.empty();
    }
    boolean barred = PlanGate.bars(part, this);
    return grants.stream()
        .map(CompiledGrant::grant)
        .filter(g -> digest.equals(g.digest()) && (g.inPlan() || !barred))
        .findFirst();
  }

  /** A living grant for this call or for a resource of the part. */
  Optional<Grant> grant(CallPart part) {
    Optional<Grant> exact = exactGrant(part);
    return exact.isPresent() || grants.isEmpty() || PlanGate.bars(part, this)
        ? exact
        : grants.stream()
            .filter(g -> g.settled() != null && g.settled().of(part, call).isPresent())
            .map(CompiledGrant::grant)
            .findFirst();
  }

  /** The part writes nothing but the plan file, and does nothing else that is no reading. */
  boolean writesThePlan(CallPart part) {
    String plan =
        permissions.planFile() == null
            ? null
            : Paths.absolute(permissions.planFile(), call.places().cwd(), call.places().home());
    return plan != null
        && part.doubt() == null
        && part.hosts().isEmpty()
        && (part.command() == null || part.command().allowable())
        && (part.kind() != ToolKind.EXECUTE
            || part.reach() == Reach.EDIT
            || part.reach() == Reach.READ)
        && part.paths().stream().anyMatch(PathTouch::writes)
        && part.paths().stream().allMatch(t -> only(plan, t));
  }

  private static boolean only(String path, PathTouch touch) {
    return touch.doubt() == null
        && touch.glob().isEmpty()
        && touch.places().stream().allMatch(path::equals);
  }
}
