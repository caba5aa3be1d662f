package dev.countersign.policy.rules;

import dev.countersign.policy.parts.CallPart;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Rules of one effect, found without looking at each. */
final class RuleIndex {
  private final List<CompiledRule> rules;

  RuleIndex(List<CompiledRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** The first rule, in the order given, that may concern the part and passes the test. */
  Optional<CompiledRule> first(CallPart part, CallFacts call, Predicate<CompiledRule> test) {
    return rules.stream().filter(test).findFirst();
  }

  /** A rule about the tool of the call that passes the test. */
  Optional<CompiledRule> aboutTool(CallFacts call, Predicate<CompiledRule> test) {
    return rules.stream().filter(r -> r.about(call)).filter(test).findFirst();
  }
}
