package dev.countersign.policy;

import java.util.List;

/** The order of decision: one pure function. */
public final class Authority {
  private Authority() {}

  /**
   * Decides a call.
   *
   * @param claimedMode the mode the agent says it is in; it can only lower the session's; null if
   *     it says nothing
   * @param grants those alive for this session and turn
   */
  public static Decision decide(
      CompiledPolicy policy, ToolCall call, PermissionMode claimedMode, List<Grant> grants) {
    Verdict ask = new Verdict.Ask(DecidedBy.POLICY, null, "Not decided yet.");
    return new Decision(ask, List.of(), false, "foreground", List.of());
  }
}
