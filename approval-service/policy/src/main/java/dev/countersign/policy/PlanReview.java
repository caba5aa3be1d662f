package dev.countersign.policy;

import dev.countersign.policy.tools.ToolEntry;
import java.util.List;
import java.util.Optional;

/** What a call asks for that would leave its session's mode for a wider one. */
public final class PlanReview {
  /** Where a plan leads that is approved. */
  private static final List<PermissionMode> AFTER_A_PLAN =
      List.of(PermissionMode.DEFAULT, PermissionMode.ACCEPT_EDITS);

  private PlanReview() {}

  /**
   * The modes that a person may approve; none where the mode that the call names is not for an
   * approval to give. Empty if the call leaves no mode for a wider one, or names a mode that is
   * none of ours.
   *
   * @param claimed the mode the agent says it is in; null if it says nothing
   */
  public static Optional<List<PermissionMode>> leadsTo(
      CompiledPolicy policy, ToolCall call, PermissionMode claimed) {
    ToolEntry tool = policy.tools().entry(call.tool());
    if (tool.kind() != ToolKind.SWITCH_MODE) {
      return Optional.empty();
    }
    PermissionMode mode = policy.effective(claimed).mode();
    if (!tool.has("mode")) {
      boolean leaves = mode == PermissionMode.PLAN && !call.tool().startsWith("Enter");
      return leaves ? Optional.of(AFTER_A_PLAN) : Optional.empty();
    }
    return tool.value("mode", call.input())
        .filter(String.class::isInstance)
        .flatMap(word -> PermissionMode.of((String) word))
        .filter(target -> target.compareTo(mode) > 0)
        .map(target -> target == PermissionMode.BYPASS_PERMISSIONS ? List.of() : List.of(target));
  }
}
