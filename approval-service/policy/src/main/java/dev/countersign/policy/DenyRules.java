package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.rules.CompiledRule;
import dev.countersign.policy.rules.Effort;
import java.util.Optional;

/**
 * The first layer: what no rule, override, grant or mode undoes. Below bypassPermissions a deny
 * that may be meant asks, in a layer further down; where nobody is asked, it holds here.
 */
final class DenyRules {
  private DenyRules() {}

  /** Every scope, every mode. Nothing below undoes one. */
  static Finding of(CallPart part, Case one) {
    Optional<CompiledRule> deny = one.policy().rules().deny(part, one.call(), one.bypass());
    if (deny.isPresent()) {
      return Finding.deny(
              DecidedBy.RULE, deny.get().text(), Reasons.deniedByRule(deny.get().shown()))
          .noting(Layers.losers(part, one));
    }
    if (one.bypass() && (part.is(Doubt.Kind.COMPUTED) || part.is(Doubt.Kind.OPAQUE))) {
      Optional<CompiledRule> inScope =
          one.policy().rules().denyInScope(one.call(), part.is(Doubt.Kind.OPAQUE));
      if (inScope.isPresent()) {
        String reason = Reasons.deniedUnread(inScope.get().shown(), part.doubt().why());
        return Finding.deny(DecidedBy.RULE, inScope.get().text(), reason);
      }
    }
    return one.bypass() ? asBypassed(part, one) : Finding.pass("no deny rule");
  }

  /** Below bypassPermissions these ask; where nobody is asked, the deny holds. */
  private static Finding asBypassed(CallPart part, Case one) {
    Optional<CompiledRule> unknown = one.policy().rules().denyForWantOfFacts(part, one.call());
    return unknown
        .map(
            r ->
                Finding.deny(
                    DecidedBy.RULE,
                    r.text(),
                    Reasons.deniedUntold(r.shown(), one.call().places().complete())))
        .orElseGet(() -> named(part, one));
  }

  /** Below bypassPermissions the command asks; where nobody is asked, the deny holds. */
  private static Finding named(CallPart part, Case one) {
    return one.policy()
        .rules()
        .denyOfTouched(part, one.call())
        .map(r -> Finding.deny(DecidedBy.RULE, r.text(), touched(r, part, one)))
        .orElseGet(() -> Finding.pass("no deny rule"));
  }

  private static String touched(CompiledRule rule, CallPart part, Case one) {
    String what = rule.text().startsWith("WebFetch") ? "host" : "file";
    return Reasons.deniedTouched(rule.shown(), what, around(part, one));
  }

  /** None where finding it is too much. */
  private static String around(CallPart part, Case one) {
    try {
      return Spelling.around(part, one);
    } catch (Effort.TooMuch e) {
      return null;
    }
  }
}
