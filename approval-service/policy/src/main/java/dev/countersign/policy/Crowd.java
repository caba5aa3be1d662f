package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.CallParts;
import dev.countersign.policy.rules.CompiledRule;
import java.util.List;
import java.util.Optional;

/**
 * Calls of more parts than anybody could follow. What refuses is still tried on every part, but
 * nothing allows the call: it asks; and in bypassPermissions it is denied where somebody set a deny
 * rule, like what cannot be read.
 */
final class Crowd {
  private Crowd() {}

  static boolean is(List<CallPart> parts) {
    return CallParts.count(parts) > CallParts.MOST_ALLOWED;
  }

  /** What the number of its parts alone says of a call. */
  static Finding finding(int parts, Case one) {
    String why = "it has " + parts + " parts, more than " + CallParts.MOST_ALLOWED;
    if (!one.bypass()) {
      return Layers.boundary(why, false, one);
    }
    Optional<CompiledRule> deny = one.policy().rules().denyInScope(one.call(), false);
    return deny.map(
            rule ->
                Finding.deny(DecidedBy.RULE, rule.text(), Reasons.deniedUnread(rule.shown(), why)))
        .orElseGet(() -> Finding.pass(why));
  }
}
