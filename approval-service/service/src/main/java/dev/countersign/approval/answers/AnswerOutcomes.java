package dev.countersign.approval.answers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.Rejudgement;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.Outcome;
import dev.countersign.approval.requests.Outcomes;
import dev.countersign.approval.texts.DecisionTexts;
import dev.countersign.policy.Decision;
import dev.countersign.policy.Verdict;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Execution;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.ProposedEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The outcomes that a person's choice leads to. A denial by the policy beats any answer. */
public final class AnswerOutcomes {
  private static final int MOST_LINES = 50;

  private AnswerOutcomes() {}

  /** A person allows it. */
  static Outcome allowed(String person, String feedback, JsonNode editedInput, Decision decision) {
    return new Outcome(
        Effect.ALLOW,
        DecidedBy.USER,
        "allowed",
        editedInput == null
            ? DecisionTexts.approvedBy(person, feedback)
            : DecisionTexts.approvedWithEdits(person, feedback),
        null,
        person,
        feedback,
        editedInput,
        Outcomes.execution(decision),
        decision.unproven(),
        traced(decision.trace(), person));
  }

  /** A person approves a plan, and so the mode that the session goes on in. */
  static Outcome planApproved(
      String person, String feedback, PromptOption option, Decision decision) {
    Outcome allowed = allowed(person, feedback, null, decision);
    List<String> trace = new ArrayList<>(allowed.trace());
    trace.add(
        option.switches().isEmpty()
            ? "person: the session stays in " + option.mode()
            : "person: switched %s to %s"
                .formatted(String.join(", ", option.switches()), option.mode()));
    return allowed
        .because(DecisionTexts.planApprovedBy(person, feedback, option.mode()))
        .tracedBy(trace, allowed.execution());
  }

  /** A person rejects it. */
  static Outcome declined(String person, String feedback, List<String> trace) {
    return new Outcome(
        Effect.DENY,
        DecidedBy.USER,
        "denied",
        DecisionTexts.declinedBy(person, feedback),
        null,
        person,
        feedback,
        null,
        null,
        false,
        traced(trace, person));
  }

  /**
   * How an edit of the document ends that is stored now. It has happened: no policy can deny it any
   * more.
   */
  public static Outcome editStored(StoredPrompt prompt, long version) {
    StoredPrompt.Choice choice = prompt.choice();
    return new Outcome(
        Effect.ALLOW,
        choice == null ? DecidedBy.DEFAULT : DecidedBy.USER,
        "allowed",
        choice == null
            ? DecisionTexts.tightened(version)
            : DecisionTexts.editApprovedBy(choice.person(), choice.feedback(), version),
        null,
        choice == null ? null : choice.person(),
        choice == null ? null : choice.feedback(),
        null,
        Execution.FOREGROUND,
        false,
        choice == null ? lines(prompt) : traced(lines(prompt), choice.person()));
  }

  private static List<String> lines(StoredPrompt prompt) {
    ProposedEdit edit = prompt.edit().shown();
    return Stream.concat(edit.widens().stream(), edit.tightens().stream())
        .limit(MOST_LINES)
        .map(line -> "edit | " + line)
        .toList();
  }

  /** How a prompt ends now that what its person settled for good is stored. */
  public static Outcome stored(StoredPrompt prompt, SessionPolicy policy) {
    Optional<Outcome> over = Rejudgement.over(prompt, policy);
    if (over.isPresent()) {
      return over.get();
    }
    StoredPrompt.Choice choice = prompt.choice();
    Decision decision =
        Rejudgement.decide(prompt, policy, prompt.call(), prompt.request().digest());
    boolean always =
        prompt
            .option(choice.optionId())
            .map(option -> option.kind() == PromptOption.Kind.ALLOW_ALWAYS)
            .orElse(false);
    if (!always) {
      return declined(choice.person(), choice.feedback(), decision.trace());
    }
    return decision.verdict() instanceof Verdict.Deny
        ? Outcomes.of(decision).orElseThrow()
        : allowed(choice.person(), choice.feedback(), null, decision);
  }

  private static List<String> traced(List<String> trace, String person) {
    List<String> lines = new ArrayList<>(trace);
    lines.add("person: answered by " + person);
    return lines;
  }
}
