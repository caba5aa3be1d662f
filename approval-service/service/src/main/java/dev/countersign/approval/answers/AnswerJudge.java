package dev.countersign.approval.answers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.overrides.OverrideCommands;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.PromptOptions;
import dev.countersign.approval.prompts.Rejudgement;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.prompts.StoredPrompt.Choice;
import dev.countersign.approval.requests.Outcome;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.approval.texts.DecisionTexts;
import dev.countersign.policy.Decision;
import dev.countersign.policy.Verdict;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.ToolCall;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an answer does to its prompt. Pure: nothing is stored or sent here. */
public final class AnswerJudge {
  private AnswerJudge() {}

  /** The effect of an answer. */
  public sealed interface Effect {
    /** It cannot count; the prompt stays as it is. */
    record Refuse(String code, String detail) implements Effect {}

    /** Something else ended the prompt, or is about to, first. */
    record AlreadyDecided() implements Effect {}

    /** It is the very answer that counted, or that the policy denied. */
    record Repeated() implements Effect {}

    /** The prompt ends by this answer, but as the policy wants it: what was chosen is denied. */
    record Denied(Outcome outcome, Choice choice) implements Effect {}

    /** The prompt ends, but not by this answer: by its deadline or by the policy in force. */
    record EndOtherwise(Outcome outcome) implements Effect {}

    /**
     * The prompt ends by this answer.
     *
     * @param grant how long the approval holds beyond this call; {@code ONCE} for no longer
     * @param plan the option that also switches modes; null for any other
     */
    record End(Outcome outcome, Choice choice, PromptOption.Scope grant, PromptOption plan)
        implements Effect {}

    /** The prompt waits until what was chosen is stored for good. */
    record Settle(Choice choice) implements Effect {}
  }

  /** Judges an answer under the policy in force. */
  public static Effect judge(Answer answer, StoredPrompt prompt, SessionPolicy policy) {
    StoredRequest request = prompt.request();
    PermissionAnswer value = answer.value();
    if (!answer.admin() && !answer.person().equals(request.owner())) {
      return new Effect.Refuse("not_yours", "this prompt is for someone else");
    }
    if (isChosen(answer, prompt)) {
      return sameContent(value, prompt)
          ? new Effect.Repeated()
          : new Effect.Refuse(
              "answer_id_reused",
              "answerId stands for another answer to this prompt; use a new one");
    }
    if (request.state() != StoredRequest.State.OPEN) {
      return new Effect.AlreadyDecided();
    }
    if (!request.deadline().isAfter(policy.now())) {
      return new Effect.EndOtherwise(Outcomes.timeout(request.deadline()));
    }
    Optional<Outcome> over = Rejudgement.over(prompt, policy);
    if (over.isPresent()) {
      return new Effect.EndOtherwise(over.get());
    }
    Optional<PromptOption> option = prompt.option(value.optionId());
    if (option.isEmpty()) {
      return noSuchOption(value.optionId(), prompt);
    }
    if (value.digest() != null && !value.digest().equals(request.digest())) {
      return new Effect.Refuse("stale_prompt", "the prompt is about another tool call");
    }
    if (value.editedInput() != null && !value.optionId().equals(PromptOptions.ALLOW_ONCE)) {
      return new Effect.Refuse(
          "invalid_answer", "editedInput goes only with the option " + PromptOptions.ALLOW_ONCE);
    }
    if (value.editedInput() != null && prompt.edit() != null) {
      return new Effect.Refuse(
          "invalid_answer", "an edit of the document is answered as it is shown");
    }
    return chosen(answer, prompt, policy, option.get());
  }

  private static boolean isChosen(Answer answer, StoredPrompt prompt) {
    Choice choice = prompt.choice();
    return choice != null
        && choice.answerId().equals(answer.value().answerId())
        && choice.person().equals(answer.person());
  }

  /**
   * An edited input is stored only where it was allowed; elsewhere it cannot be compared. Of what
   * was erased nothing can.
   */
  private static boolean sameContent(PermissionAnswer value, StoredPrompt prompt) {
    Choice choice = prompt.choice();
    StoredRequest request = prompt.request();
    if (request.erased()) {
      return true;
    }
    boolean sameInput =
        !request.allowed() || Objects.equals(value.editedInput(), request.outcome().editedInput());
    boolean sameCall = value.digest() == null || value.digest().equals(request.digest());
    return sameInput
        && sameCall
        && choice.optionId().equals(value.optionId())
        && Objects.equals(choice.feedback(), value.feedback());
  }

  private static Effect noSuchOption(String optionId, StoredPrompt prompt) {
    String now =
        prompt.options().stream().map(PromptOption::optionId).collect(Collectors.joining(", "));
    return PromptOptions.namesContent(optionId)
        ? new Effect.Refuse(
            "stale_option",
            "the prompt was judged again and no longer offers option "
                + optionId
                + "; read the prompt again: optionId must be one of "
                + now)
        : new Effect.Refuse("unknown_option", "optionId must be one of " + now);
  }

  private static Effect chosen(
      Answer answer, StoredPrompt prompt, SessionPolicy policy, PromptOption option) {
    JsonNode edited = answer.value().editedInput();
    ToolCall call = edited == null ? prompt.call() : edited(prompt.call(), edited);
    String digest = edited == null ? prompt.request().digest() : Digest.of(call);
    Decision decision = Rejudgement.decide(prompt, policy, call, digest);
    if (decision.verdict() instanceof Verdict.Deny) {
      Outcome denied = Outcomes.of(decision).orElseThrow();
      Outcome told =
          edited == null
              ? denied
              : denied.because(DecisionTexts.editedInputDenied(answer.person(), denied.reason()));
      return new Effect.Denied(told, choice(answer, null));
    }
    if (option.mode() != null) {
      return planned(answer, prompt, policy, option, decision);
    }
    boolean edits = prompt.edit() != null && allows(option);
    if (option.scope() == PromptOption.Scope.ALWAYS || edits) {
      String command = OverrideCommands.idFor(prompt.request().promptId());
      return new Effect.Settle(choice(answer, command));
    }
    String feedback = answer.value().feedback();
    Outcome outcome =
        allows(option)
            ? AnswerOutcomes.allowed(answer.person(), feedback, edited, decision)
            : AnswerOutcomes.declined(answer.person(), feedback, decision.trace());
    PromptOption.Scope grant = allows(option) ? option.scope() : PromptOption.Scope.ONCE;
    return new Effect.End(outcome, choice(answer, null), grant, null);
  }

  private static Effect planned(
      Answer answer,
      StoredPrompt prompt,
      SessionPolicy policy,
      PromptOption option,
      Decision decision) {
    if (!Rejudgement.stillSwitches(prompt, policy, option)) {
      return new Effect.Refuse(
          "stale_option", "what this option would switch has changed; read the prompt again");
    }
    Outcome outcome =
        AnswerOutcomes.planApproved(answer.person(), answer.value().feedback(), option, decision);
    return new Effect.End(outcome, choice(answer, null), PromptOption.Scope.ONCE, option);
  }

  private static boolean allows(PromptOption option) {
    return switch (option.kind()) {
      case ALLOW_ONCE, ALLOW_ALWAYS -> true;
      case REJECT_ONCE, REJECT_ALWAYS -> false;
    };
  }

  private static Choice choice(Answer answer, String commandId) {
    PermissionAnswer value = answer.value();
    return new Choice(
        value.answerId(),
        answer.replyTo(),
        answer.person(),
        value.optionId(),
        value.feedback(),
        commandId);
  }

  private static ToolCall edited(ToolCall call, JsonNode input) {
    return new ToolCall(
        call.tool(), input, call.cwd(), call.home(), call.resolvedPaths(), call.workspaceRoots());
  }
}
