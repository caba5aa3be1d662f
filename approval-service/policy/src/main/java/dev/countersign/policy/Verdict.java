package dev.countersign.policy;

/** What the order of decision came to. */
public sealed interface Verdict {
  /** Who decided (for an ask: who wants a person). */
  DecidedBy by();

  /** The rule, override or grant behind it, as written; null if none is. */
  String rule();

  /** One sentence for the agent. */
  String reason();

  /** It may run. */
  record Allow(DecidedBy by, String rule, String reason) implements Verdict {}

  /** A person must say. */
  record Ask(DecidedBy by, String rule, String reason) implements Verdict {}

  /** It must not run. */
  record Deny(DecidedBy by, String rule, String reason) implements Verdict {}
}
