package dev.countersign.approval.prompts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.policies.Standing;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.PlanReview;
import dev.countersign.policy.ToolCall;
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
 * says that it plans. No mode is offered that a session would still be held below by another one,
 * and none below what the asking session has anyway: approving a plan lowers nothing.
 */
public final class PlanOptions {
  private PlanOptions() {}

  /** The options; empty if the call leaves no mode for a wider one. */
  public static Optional<List<PromptOption>> of(
      SessionPolicy policy, ToolCall call, PermissionMode claimed) {
    return PlanReview.leadsTo(policy.policy(), call, claimed)
        .map(modes -> options(policy, modes, policy.policy().effective(claimed).mode()));
  }

  private static List<PromptOption> options(
      SessionPolicy policy, List<PermissionMode> modes, PermissionMode planning) {
    List<PromptOption> options = new ArrayList<>(approvals(policy, modes));
    PermissionMode has = policy.policy().effective(null).mode();
    if (options.isEmpty() && !modes.isEmpty() && planning.compareTo(has) < 0) {
      options.add(approve("Approve; this session stays in " + has.word(), has, List.of()));
    }
    options.add(
        new PromptOption(
            PromptOptions.REJECT_ONCE,
            Kind.REJECT_ONCE,
            "Stay in " + planning.word(),
            Scope.ONCE,
            null,
            null));
    return options;
  }

  private static List<PromptOption> approvals(SessionPolicy policy, List<PermissionMode> modes) {
    List<Standing> chain = policy.chain();
    List<Standing> planned = chain.stream().filter(s -> s.mode() == PermissionMode.PLAN).toList();
    List<Standing> switched =
        planned.isEmpty() ? chain.subList(chain.size() - 1, chain.size()) : planned;
    PermissionMode least = policy.policy().effective(null).mode();
    PermissionMode most =
        chain.stream()
            .filter(s -> !switched.contains(s))
            .map(Standing::mode)
            .reduce(PermissionMode.AUTO, PlanOptions::lower);
    List<String> sessions = switched.stream().map(Standing::session).toList();
    return modes.stream()
        .filter(mode -> mode.compareTo(least) >= 0 && mode.compareTo(most) <= 0)
        .map(mode -> approve(label(policy.key().id(), mode, sessions), mode, sessions))
        .toList();
  }

  private static PermissionMode lower(PermissionMode one, PermissionMode other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String label(String own, PermissionMode mode, List<String> sessions) {
    String label = "Approve and go on in " + mode.word();
    return sessions.equals(List.of(own))
        ? label
        : sessions.stream()
            .map(id -> id.equals(own) ? "this session" : "session " + id)
            .collect(Collectors.joining(" and ", label + ": switches ", ""));
  }

  private static PromptOption approve(String label, PermissionMode mode, List<String> sessions) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("mode", mode.word());
    sessions.forEach(content.putArray("switches")::add);
    return new PromptOption(
        PromptOptions.idOf("approve_plan", content),
        Kind.ALLOW_ONCE,
        PromptOptions.cut(label),
        Scope.ONCE,
        null,
        null,
        mode.word(),
        sessions);
  }
}
