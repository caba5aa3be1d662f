package dev.countersign.approval.requests;

import dev.countersign.approval.texts.DecisionTexts;
import dev.countersign.policy.Decision;
import dev.countersign.policy.Verdict;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Execution;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Turns what the policy, a person or time came to into outcomes. */
public final class Outcomes {
  /** The code of an edit whose document moved on before it was stored. */
  public static final String VERSION_CONFLICT = "version_conflict";

  private Outcomes() {}

  /** The outcome of a verdict; empty if a person is wanted. */
  public static Optional<Outcome> of(Decision decision) {
    Verdict verdict = decision.verdict();
    if (verdict instanceof Verdict.Allow) {
      return Optional.of(ofPolicy(Effect.ALLOW, "allowed", decision));
    }
    if (verdict instanceof Verdict.Deny) {
      String code = decision.tooComplex() ? "too_complex" : "denied";
      return Optional.of(ofPolicy(Effect.DENY, code, decision));
    }
    return Optional.empty();
  }

  private static Outcome ofPolicy(Effect effect, String code, Decision decision) {
    Verdict verdict = decision.verdict();
    return new Outcome(
        effect,
        DecidedBy.valueOf(verdict.by().name()),
        code,
        verdict.reason(),
        verdict.rule(),
        null,
        null,
        null,
        execution(decision),
        decision.unproven(),
        decision.trace());
  }

  /** Where a call runs, if it may. */
  public static Execution execution(Decision decision) {
    return Execution.valueOf(decision.execution().toUpperCase(Locale.ROOT));
  }

  public static Outcome timeout(Instant deadline) {
    return Outcome.denied(DecidedBy.TIMEOUT, "timeout", DecisionTexts.timeout(deadline));
  }

  public static Outcome cancelled(String reason) {
    return Outcome.denied(DecidedBy.CANCELLED, "cancelled", DecisionTexts.cancelled(reason));
  }

  /** A denial because it could not be decided. */
  public static Outcome system(String code, String why) {
    return Outcome.denied(DecidedBy.SYSTEM, code, DecisionTexts.undecidable(why));
  }
}
