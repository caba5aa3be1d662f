package dev.countersign.policy;

/**
 * What one layer says of one part.
 *
 * @param verdict null if the layer leaves the part to the next one
 * @param note for the trace
 * @param firm an ask that reaches a person even where the mode never asks
 */
record Finding(Verdict verdict, String note, boolean firm) {
  static Finding pass(String note) {
    return new Finding(null, note, false);
  }

  static Finding allow(DecidedBy by, String rule, String reason) {
    return new Finding(new Verdict.Allow(by, rule, reason), reason, false);
  }

  static Finding ask(DecidedBy by, String rule, String reason) {
    return new Finding(new Verdict.Ask(by, rule, reason), reason, false);
  }

  static Finding deny(DecidedBy by, String rule, String reason) {
    return new Finding(new Verdict.Deny(by, rule, reason), reason, false);
  }

  Finding noting(String more) {
    return new Finding(verdict, note + more, firm);
  }

  Finding asFirm() {
    return new Finding(verdict, note, true);
  }

  /** How strict: a deny is 2, an ask 1, an allow 0. */
  int strictness() {
    if (verdict instanceof Verdict.Deny) {
      return 2;
    }
    return verdict instanceof Verdict.Ask ? 1 : 0;
  }
}
