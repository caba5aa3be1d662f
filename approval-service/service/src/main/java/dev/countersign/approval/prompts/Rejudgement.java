package dev.countersign.approval.prompts;

import dev.countersign.approval.policies.PolicyCalls;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.requests.Outcome;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.approval.texts.DecisionTexts;
import dev.countersign.policy.Decision;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.tools.OwnTools;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.ToolCall;
import java.util.List;
import java.util.Optional;

/**
 * An open prompt judged under the policy now in force.
 *
 * @param outcome how the policy ends it; empty if a person is still wanted
 * @param question why a person is wanted
 * @param options what they can choose
 * @param grants those that the outcome rests on
 * @param uses the counted ones among them, which it uses up by one
 */
public record Rejudgement(
    Optional<Outcome> outcome,
    String question,
    List<PromptOption> options,
    List<String> grants,
    List<String> uses) {

  /** Judges a prompt. */
  public static Rejudgement of(StoredPrompt prompt, SessionPolicy policy) {
    Optional<Outcome> over = over(prompt, policy);
    if (over.isPresent()) {
      return new Rejudgement(over, null, List.of(), List.of(), List.of());
    }
    StoredRequest request = prompt.request();
    dev.countersign.policy.ToolCall call = call(prompt, prompt.call(), request.digest());
    PermissionMode claimed = policy.heard(claimedMode(request));
    Decision decision = policy.decide(call, claimed, request.turnId());
    Optional<Outcome> outcome = Outcomes.of(decision);
    if (outcome.isPresent()) {
      return new Rejudgement(
          outcome, null, List.of(), decision.grants(), policy.counted(decision.grants()));
    }
    return new Rejudgement(
        outcome,
        prompt.edit() == null
            ? decision.verdict().reason()
            : DecisionTexts.loosens(decision.verdict().reason(), prompt.edit().shown().widens()),
        PromptOptions.of(policy, call, claimed, decision, request.turnId()),
        List.of(),
        List.of());
  }

  /** Whether a person would now be shown something else. */
  public boolean changes(StoredPrompt prompt) {
    return !options.equals(prompt.options()) || !question.equals(prompt.question());
  }

  /** Why nothing can be decided for a prompt any more, if so. */
  public static Optional<Outcome> over(StoredPrompt prompt, SessionPolicy policy) {
    if (policy.closed()) {
      return Optional.of(Outcomes.cancelled("The session was closed."));
    }
    if (policy.policy() == null) {
      return Optional.of(Outcomes.system("denied", policy.problem()));
    }
    if (prompt.problem() != null) {
      return Optional.of(Outcomes.system("denied", prompt.problem()));
    }
    boolean edits = OwnTools.EDIT_PERMISSIONS.equals(prompt.request().tool());
    if (edits && (prompt.edit() == null || prompt.edit().version() != policy.fence().document())) {
      return Optional.of(Outcomes.system(Outcomes.VERSION_CONFLICT, DecisionTexts.documentMoved()));
    }
    return Optional.empty();
  }

  /** The policy's decision on a prompt's call, or on that call with other input. */
  public static Decision decide(
      StoredPrompt prompt, SessionPolicy policy, ToolCall call, String digest) {
    StoredRequest request = prompt.request();
    PermissionMode claimed = policy.heard(claimedMode(request));
    return policy.decide(call(prompt, call, digest), claimed, request.turnId());
  }

  /** Whether an option that switches modes still stands for exactly the same. */
  public static boolean stillSwitches(
      StoredPrompt prompt, SessionPolicy policy, PromptOption option) {
    StoredRequest request = prompt.request();
    PermissionMode claimed = policy.heard(claimedMode(request));
    return PlanOptions.of(policy, call(prompt, prompt.call(), request.digest()), claimed)
        .map(options -> options.contains(option))
        .orElse(false);
  }

  private static dev.countersign.policy.ToolCall call(
      StoredPrompt prompt, ToolCall call, String digest) {
    return PolicyCalls.of(call, digest, prompt.request().agentAsks());
  }

  private static PermissionMode claimedMode(StoredRequest request) {
    return request.claimedMode() == null
        ? null
        : PermissionMode.of(request.claimedMode()).orElse(PermissionMode.PLAN);
  }
}
