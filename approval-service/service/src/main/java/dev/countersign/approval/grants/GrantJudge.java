package dev.countersign.approval.grants;

import dev.countersign.approval.policies.PolicyCalls;
import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.DecidedBy;
import dev.countersign.policy.Grant;
import dev.countersign.policy.NamedCall;
import dev.countersign.policy.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a policy still honours a grant. Pure. */
public final class GrantJudge {
  /** Who can forbid what a grant is for: whoever decides before grants are looked at. */
  private static final Set<DecidedBy> ABOVE =
      EnumSet.of(DecidedBy.RULE, DecidedBy.OVERRIDE, DecidedBy.MODE);

  private GrantJudge() {}

  /**
   * Whether a living grant lives on.
   *
   * @param policy null if the rules in force cannot be used
   */
  public static boolean honoured(StoredGrant.Stale stale, CompiledPolicy policy) {
    if (stale.closed() || policy == null) {
      return false;
    }
    StoredGrant grant = stale.grant();
    if (grant.digest() == null) {
      return forbidden(policy, grant.tool(), grant.resource()).isEmpty();
    }
    if (stale.call() == null) {
      return false;
    }
    String tool = stale.call().tool();
    Grant one = new Grant(grant.id(), "", grant.digest(), tool, null, stale.inPlan());
    var call = PolicyCalls.of(stale.call(), grant.digest(), null);
    return Authority.decide(policy, call, null, List.of(one)).verdict() instanceof Verdict.Allow;
  }

  /**
   * Why a policy forbids what a grant for a tool or a resource would allow, in one sentence; empty
   * if it does not.
   */
  static Optional<String> forbidden(CompiledPolicy policy, String tool, String resource) {
    Grant grant = new Grant("probe", "", null, tool, resource);
    var call = NamedCall.of(tool, resource, null, null);
    Verdict verdict = Authority.decide(policy, call, null, List.of(grant)).verdict();
    return verdict instanceof Verdict.Deny && ABOVE.contains(verdict.by())
        ? Optional.of(verdict.reason())
        : Optional.empty();
  }
}
