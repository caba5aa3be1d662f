package dev.countersign.approval.requests;

import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.edits.CurrentDocument;
import dev.countersign.approval.edits.EditPlan;
import dev.countersign.approval.edits.PlannedEdit;
import dev.countersign.approval.policies.PolicyCalls;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.PromptOptions;
import dev.countersign.approval.requests.NewRequest.Question;
import dev.countersign.approval.texts.DecisionTexts;
import dev.countersign.policy.DecidedBy;
import dev.countersign.policy.Decision;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.Verdict;
import dev.countersign.policy.tools.OwnTools;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Decides a request against the policy in force. Pure: nothing is stored or sent here. */
public final class RequestJudge {
  /** The code of a request that is too old to be decided now. */
  static final String EXPIRED = "expired";

  private static final String UNKNOWN_SESSION = "unknown_session";
  private static final String NOT_YOUR_SESSION = "not_your_session";

  /** The codes of requests whose sender is told nothing about what is stored under their id. */
  static final Set<String> STRANGE = Set.of(UNKNOWN_SESSION, NOT_YOUR_SESSION);

  private final Duration retention;
  private final Supplier<String> promptIds;

  public RequestJudge(Duration retention, Supplier<String> promptIds) {
    this.retention = retention;
    this.promptIds = promptIds;
  }

  /** What becomes of a request. */
  public sealed interface Judgement {
    /**
     * It is stored.
     *
     * @param deadLetter why it is dead-lettered too; null if it is not
     * @param uses the counted grants that it uses up by one
     */
    record Store(NewRequest request, String deadLetter, List<String> uses) implements Judgement {
      public Store {
        uses = List.copyOf(uses);
      }
    }

    /** It is answered and dead-lettered, not stored. */
    record Refuse(String code, String detail) implements Judgement {}
  }

  /**
   * Judges a request.
   *
   * @param session empty if there is no such session
   * @param document what the session's owner settled; looked at only for an edit of it
   */
  public Judgement judge(
      Reading.Ask ask, Optional<SessionPolicy> session, CurrentDocument document) {
    if (session.isEmpty()) {
      return new Judgement.Refuse(UNKNOWN_SESSION, "there is no session " + ask.session().id());
    }
    SessionPolicy policy = session.get();
    if (ask.owner() != null && !ask.owner().equals(policy.owner())) {
      return new Judgement.Refuse(NOT_YOUR_SESSION, "the session belongs to someone else");
    }
    Instant requestedAt = ask.record().appendedAt();
    if (requestedAt.plus(retention).isBefore(policy.now())) {
      return new Judgement.Refuse(EXPIRED, "the request is from " + requestedAt);
    }
    if (policy.closed()) {
      Outcome closed = Outcomes.system("session_closed", "the session is closed.");
      return new Judgement.Store(decided(ask, policy, closed), "session_closed", List.of());
    }
    if (policy.policy() == null) {
      return kept(decided(ask, policy, Outcomes.system("denied", policy.problem())));
    }
    return evaluated(ask, policy, document);
  }

  /** Whether a call is an edit of what its user settled. */
  public static boolean edits(Reading.Ask ask) {
    return ask.request().toolCall().tool().equals(OwnTools.EDIT_PERMISSIONS);
  }

  private Judgement.Store evaluated(
      Reading.Ask ask, SessionPolicy policy, CurrentDocument document) {
    ToolCall call =
        PolicyCalls.of(ask.request().toolCall(), ask.digest(), ask.request().agentAsks());
    PermissionMode claimed = policy.heard(ask.claimedMode());
    Decision decision = policy.decide(call, claimed, ask.request().turnId());
    Optional<Outcome> settled = Outcomes.of(decision);
    PlannedEdit edit = null;
    String reason = decision.verdict().reason();
    if (edits(ask) && !forbidden(decision)) {
      EditPlan plan = EditPlan.of(ask.key(), ask.request().toolCall(), document, policy.now());
      if (plan instanceof EditPlan.Refused refused) {
        Outcome outcome = Outcomes.system(refused.code(), refused.detail() + ".");
        return kept(
            decided(ask, policy, outcome.tracedBy(decision.trace(), Outcomes.execution(decision))));
      }
      if (plan instanceof EditPlan.Tightens tightens) {
        return kept(row(ask, policy, null, null, tightens.edit(), List.of()));
      }
      edit = ((EditPlan.Widens) plan).edit();
      List<String> widens = edit.shown().widens();
      reason = DecisionTexts.loosens(reason, widens);
      settled = settled.map(o -> o.because(DecisionTexts.loosens(o.reason(), widens)));
    }
    if (settled.isPresent()) {
      List<String> uses = policy.counted(decision.grants());
      NewRequest row = row(ask, policy, settled.get(), null, null, decision.grants());
      return new Judgement.Store(row, null, uses);
    }
    Instant giveUp = giveUp(ask);
    if (giveUp != null && !giveUp.isAfter(policy.now())) {
      Outcome timeout =
          Outcomes.timeout(giveUp).tracedBy(decision.trace(), Outcomes.execution(decision));
      return kept(decided(ask, policy, timeout));
    }
    Question question =
        new Question(
            promptIds.get(),
            reason,
            PromptOptions.of(policy, call, claimed, decision, ask.request().turnId()),
            giveUp,
            Outcomes.execution(decision));
    return kept(row(ask, policy, null, question, edit, List.of()));
  }

  private static Judgement.Store kept(NewRequest request) {
    return new Judgement.Store(request, null, List.of());
  }

  /** Whether a rule or the user themselves forbid it, whatever it would come to. */
  private static boolean forbidden(Decision decision) {
    return decision.verdict() instanceof Verdict.Deny deny
        && (deny.by() == DecidedBy.RULE || deny.by() == DecidedBy.OVERRIDE);
  }

  private static Instant giveUp(Reading.Ask ask) {
    Long wait = ask.request().maxWaitMillis();
    return wait == null
        ? null
        : ask.record().appendedAt().plusMillis(Math.min(wait, Duration.ofDays(365).toMillis()));
  }

  private static NewRequest decided(Reading.Ask ask, SessionPolicy policy, Outcome outcome) {
    return row(ask, policy, outcome, null, null, List.of());
  }

  private static NewRequest row(
      Reading.Ask ask,
      SessionPolicy policy,
      Outcome outcome,
      Question question,
      PlannedEdit edit,
      List<String> grants) {
    return new NewRequest(
        ask.key(),
        policy.owner(),
        ask.request().toolCall().tool(),
        ask.digest(),
        StoredJson.write(ask.request().toolCall()),
        ask.request().turnId(),
        ask.request().claimedMode(),
        ask.request().agentAsks(),
        ask.record().appendedAt(),
        ask.address(),
        ask.record().partition(),
        ask.record().offset(),
        policy.fence(),
        policy.policy() == null ? null : policy.policy().effective().mode().word(),
        question == null,
        outcome,
        question,
        edit,
        new NewRequest.Premises(policy.until(), grants));
  }

  /** The row of a cancel that overtook its request. */
  public static NewRequest cancelled(Reading.Cancel cancel, SessionPolicy policy) {
    return new NewRequest(
        cancel.key(),
        policy.owner(),
        null,
        null,
        null,
        null,
        null,
        null,
        cancel.record().appendedAt(),
        cancel.address(),
        cancel.record().partition(),
        cancel.record().offset(),
        policy.fence(),
        policy.policy() == null ? null : policy.policy().effective().mode().word(),
        false,
        Outcomes.cancelled(cancel.cancel().reason()),
        null,
        null,
        null);
  }
}
