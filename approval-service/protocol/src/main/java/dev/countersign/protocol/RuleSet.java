package dev.countersign.protocol;

import java.util.List;

/** Rules of one scope, as text in the documented grammar. */
public record RuleSet(List<String> allow, List<String> ask, List<String> deny) {
  public RuleSet {
    allow = Require.list("allow", allow);
    ask = Require.list("ask", ask);
    deny = Require.list("deny", deny);
  }
}
