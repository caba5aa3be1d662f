package dev.countersign.bench;

import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.Decision;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.Verdict;
import java.util.List;

/** Countersign's decision core with the shipped rules, in the mode {@code default}. */
final class CountersignEngine {
  private final CompiledPolicy policy;

  CountersignEngine(List<BenchRule> rules) {
    Permissions permissions =
        new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of("/proj"), null);
    PolicySource source =
        new PolicySource(
            permissions,
            rules.stream().map(BenchRule::countersign).toList(),
            List.of(),
            List.of(),
            true);
    try {
      policy = CompiledPolicy.compile(source);
    } catch (InvalidRulesException e) {
      throw new IllegalStateException(e);
    }
  }

  Decision decide(ToolCall call) {
    return Authority.decide(policy, call, null, List.of());
  }

  String effect(ToolCall call) {
    Verdict verdict = decide(call).verdict();
    if (verdict instanceof Verdict.Allow) {
      return "allow";
    }
    return verdict instanceof Verdict.Ask ? "ask" : "deny";
  }
}
