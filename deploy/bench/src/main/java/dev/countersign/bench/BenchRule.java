package dev.countersign.bench;

import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleEffect;
import dev.countersign.policy.RuleScope;
import java.util.Map;

/** One rule that every engine is given. Everywhere a deny beats an ask and an ask an allow. */
record BenchRule(RuleEffect effect, Subject subject) {

  Rule countersign() {
    return new Rule(RuleScope.PROJECT, effect, subject.text());
  }

  /** Cedar knows no ask: it is a permit whose name says so, and the caller looks at the names. */
  String cedar() {
    String condition = subject.cedarCondition();
    return "%s(principal, action == Action::\"%s\", resource)%s;"
        .formatted(
            effect == RuleEffect.DENY ? "forbid" : "permit",
            subject.cedarAction(),
            condition.isEmpty() ? "" : " when { " + condition + " }");
  }

  Map<String, Object> gemini() {
    Map<String, Object> rule = subject.gemini();
    rule.put("decision", effect == RuleEffect.ASK ? "ask_user" : effect.word());
    rule.put(
        "priority",
        switch (effect) {
          case DENY -> 3;
          case ASK -> 2;
          case ALLOW -> 1;
        });
    return rule;
  }
}
