package dev.countersign.policy;

/** A rule as somebody wrote it: {@code Tool} or {@code Tool(specifier)}. */
public record Rule(RuleScope scope, RuleEffect effect, String text) {}
