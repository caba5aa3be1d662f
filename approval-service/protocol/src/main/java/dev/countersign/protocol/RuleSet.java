package dev.countersign.protocol;

import java.util.List;

/** Rules of one scope, as text in the documented grammar. */
public record RuleSet(List<String> allow, List<String> ask, List<String> deny) {
  public RuleSet {
    allow = allow == null ? List.of() : List.copyOf(allow);
    ask = ask == null ? List.of() : List.copyOf(ask);
    deny = deny == null ? List.of() : List.copyOf(deny);
  }
}
