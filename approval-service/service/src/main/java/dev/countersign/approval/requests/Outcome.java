package dev.countersign.approval.requests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Execution;
import java.util.List;

/**
 * How a request ends: everything about a decision but its identity and its time.
 *
 * @param user the person who chose; present exactly when {@code decidedBy} is {@code user}
 * @param execution null leaves it as it was when the call was first evaluated
 * @param trace one line for every layer that was looked at
 */
public record Outcome(
    Effect effect,
    DecidedBy decidedBy,
    String code,
    String reason,
    String rule,
    String user,
    String feedback,
    JsonNode editedInput,
    Execution execution,
    boolean unproven,
    List<String> trace) {
  private static final int MAX_REASON = 4000;

  public Outcome {
    trace = List.copyOf(trace);
    reason = Texts.cut(reason, MAX_REASON);
  }

  /** A denial that no layer of the policy made. */
  public static Outcome denied(DecidedBy by, String code, String reason) {
    return new Outcome(
        Effect.DENY, by, code, reason, null, null, null, null, null, false, List.of());
  }

  /** The same, with another reason. */
  public Outcome because(String why) {
    return new Outcome(
        effect,
        decidedBy,
        code,
        why,
        rule,
        user,
        feedback,
        editedInput,
        execution,
        unproven,
        trace);
  }

  /** The same, with what the policy found when it was looked at. */
  public Outcome tracedBy(List<String> lines, Execution where) {
    return new Outcome(
        effect, decidedBy, code, reason, rule, user, feedback, editedInput, where, unproven, lines);
  }
}
