package dev.countersign.approval.requests;

import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.policies.PolicyCalls;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.PromptOptions;
import dev.countersign.approval.requests.NewRequest.Question;
import dev.countersign.policy.Decision;
import dev.countersign.policy.ToolCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides a request against the policy in force. Pure: nothing is stored or sent here. */
public final class RequestJudge {
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
   */
  public Judgement judge(Reading.Ask ask, Optional<SessionPolicy> session) {
    if (session.isEmpty()) {
      return new Judgement.Refuse("unknown_session", "there is no session " + ask.session().id());
    }
    SessionPolicy policy = session.get();
    if (ask.owner() != null && !ask.owner().equals(policy.owner())) {
      return new Judgement.Refuse("not_your_session", "the session belongs to someone else");
    }
    Instant requestedAt = ask.record().appendedAt();
    if (requestedAt.plus(retention).isBefore(policy.now())) {
      return new Judgement.Refuse("expired", "the request is from " + requestedAt);
    }
    if (policy.closed()) {
      Outcome closed = Outcomes.system("session_closed", "the session is closed.");
      return new Judgement.Store(decided(ask, policy, closed), "session_closed", List.of());
    }
    if (policy.policy() == null) {
      return new Judgement.Store(
          decided(ask, policy, Outcomes.system("denied", policy.problem())), null, List.of());
    }
    return evaluated(ask, policy);
  }

  private Judgement.Store evaluated(Reading.Ask ask, SessionPolicy policy) {
    ToolCall call =
        PolicyCalls.of(ask.request().toolCall(), ask.digest(), ask.request().agentAsks());
    Decision decision = policy.decide(call, ask.claimedMode(), ask.request().turnId());
    Optional<Outcome> settled = Outcomes.of(decision);
    if (settled.isPresent()) {
      List<String> uses = policy.counted(decision.grants());
      return new Judgement.Store(decided(ask, policy, settled.get()), null, uses);
    }
    Instant giveUp = giveUp(ask);
    if (giveUp != null && !giveUp.isAfter(policy.now())) {
      Outcome timeout =
          Outcomes.timeout(giveUp).tracedBy(decision.trace(), Outcomes.execution(decision));
      return new Judgement.Store(decided(ask, policy, timeout), null, List.of());
    }
    Question question =
        new Question(
            promptIds.get(),
            decision.verdict().reason(),
            PromptOptions.of(
                policy.policy(),
                call,
                ask.claimedMode(),
                policy.grantsIn(ask.request().turnId()),
                decision,
                ask.request().turnId() != null),
            giveUp,
            Outcomes.execution(decision));
    return new Judgement.Store(row(ask, policy, null, question), null, List.of());
  }

  private static Instant giveUp(Reading.Ask ask) {
    Long wait = ask.request().maxWaitMillis();
    return wait == null
        ? null
        : ask.record().appendedAt().plusMillis(Math.min(wait, Duration.ofDays(365).toMillis()));
  }

  private static NewRequest decided(Reading.Ask ask, SessionPolicy policy, Outcome outcome) {
    return row(ask, policy, outcome, null);
  }

  private static NewRequest row(
      Reading.Ask ask, SessionPolicy policy, Outcome outcome, Question question) {
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
        question);
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
        null);
  }
}
