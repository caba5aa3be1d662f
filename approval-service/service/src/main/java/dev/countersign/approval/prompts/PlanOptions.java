package dev.countersign.approval.prompts;

import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.policies.Standing;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.PlanReview;
import dev.countersign.policy.ToolCall;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptOption.Kind;
import dev.countersign.protocol.PromptOption.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a person can choose for a plan: each mode that the agent may go on in, and to stay. An
 * option names the sessions it switches: those in plan mode, or the asking one if only its agent
 * says that it plans. No mode is offered that a session would still be held below by another one.
 */
public final class PlanOptions {
  private static final int MAX_LABEL = 1000;

  private PlanOptions() {}

  /** The options; empty if the call leaves no mode for a wider one. */
  public static Optional<List<PromptOption>> of(
      SessionPolicy policy, ToolCall call, PermissionMode claimed) {
    return PlanReview.leadsTo(policy.policy(), call, claimed)
        .map(modes -> options(policy, modes, claimed));
  }

  private static List<PromptOption> options(
      SessionPolicy policy, List<PermissionMode> modes, PermissionMode claimed) {
    List<Standing> switched =
        policy.chain().stream().filter(s -> s.mode() == PermissionMode.PLAN).toList();
    if (switched.isEmpty()) {
      switched = policy.chain().subList(policy.chain().size() - 1, policy.chain().size());
    }
    List<String> sessions = switched.stream().map(Standing::session).toList();
    PermissionMode most =
        policy.chain().stream()
            .filter(s -> !sessions.contains(s.session()))
            .map(Standing::mode)
            .reduce(PermissionMode.AUTO, PlanOptions::lower);
    List<PromptOption> options = new ArrayList<>();
    for (PermissionMode mode : modes) {
      if (mode.compareTo(most) <= 0) {
        options.add(approve(policy.key().id(), mode, sessions));
      }
    }
    String stay = "Stay in " + policy.policy().effective(claimed).mode().word();
    options.add(
        new PromptOption(
            PromptOptions.REJECT_ONCE, Kind.REJECT_ONCE, stay, Scope.ONCE, null, null));
    return options;
  }

  private static PermissionMode lower(PermissionMode one, PermissionMode other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Its id says what it switches: another choice never passes under the same id. */
  private static PromptOption approve(String own, PermissionMode mode, List<String> sessions) {
    String label = "Approve and go on in " + mode.word();
    if (!sessions.equals(List.of(own))) {
      label +=
          sessions.stream()
              .map(id -> id.equals(own) ? "this session" : "session " + id)
              .collect(Collectors.joining(" and ", ": switches ", ""));
    }
    String id = "approve:%s:%s".formatted(mode.word(), Digest.of(String.join("/", sessions)));
    return new PromptOption(
        id.substring(0, Math.min(id.length(), 40)),
        Kind.ALLOW_ONCE,
        label.length() <= MAX_LABEL ? label : label.substring(0, MAX_LABEL - 1) + "…",
        Scope.ONCE,
        null,
        null,
        mode.word(),
        sessions);
  }
}
