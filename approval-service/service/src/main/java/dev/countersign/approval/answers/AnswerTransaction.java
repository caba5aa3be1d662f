package dev.countersign.approval.answers;

import dev.countersign.approval.answers.AnswerJudge.Effect;
import dev.countersign.approval.grants.GrantStore;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.Rejudgement;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.Outcome;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.approval.sessions.ApprovedPlans;
import dev.countersign.protocol.PromptOption;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Judges an answer with its prompt and its session locked, and stores what it did. */
@ApplicationScoped
public class AnswerTransaction {
  private final PromptStore prompts;
  private final RequestStore requests;
  private final GrantStore grants;
  private final PolicyBook book;
  private final ApprovedPlans plans;

  public AnswerTransaction(
      PromptStore prompts,
      RequestStore requests,
      GrantStore grants,
      PolicyBook book,
      ApprovedPlans plans) {
    this.prompts = prompts;
    this.requests = requests;
    this.grants = grants;
    this.book = book;
    this.plans = plans;
  }

  /**
   * What became of an answer.
   *
   * @param prompt as it now stands; null if there is none
   */
  public record Result(Effect effect, StoredPrompt prompt) {}

  Result run(SqlConnection connection, Answer answer) {
    Optional<StoredPrompt> found =
        prompts.lock(connection, answer.value().tenant(), answer.value().promptId());
    if (found.isEmpty()) {
      return new Result(new Effect.Refuse("unknown_prompt", "there is no such prompt"), null);
    }
    RequestKey key = found.get().request().key();
    plans.lock(connection, key.tenant(), switches(found.get(), answer));
    SessionPolicy policy = book.hold(connection, key.session());
    StoredPrompt prompt = current(connection, found.get(), policy);
    Effect effect = switched(connection, answer, AnswerJudge.judge(answer, prompt, policy));
    StoredPrompt after = prompt;
    if (effect instanceof Effect.EndOtherwise end) {
      after = finish(connection, prompt, end.outcome(), policy);
    } else if (effect instanceof Effect.Denied denied) {
      prompts.choose(connection, prompt.request(), denied.choice());
      after = finish(connection, prompt, denied.outcome(), policy);
    } else if (effect instanceof Effect.Repeated && !prompt.request().decided()) {
      prompts.choseAgain(connection, prompt.request(), answer.replyTo());
    } else if (effect instanceof Effect.End end) {
      prompts.choose(connection, prompt.request(), end.choice());
      if (end.grant() != PromptOption.Scope.ONCE) {
        boolean turnOnly = end.grant() == PromptOption.Scope.TURN;
        grants.give(connection, prompt, turnOnly, answer.person(), policy.fence());
      }
      after = finish(connection, prompt, end.outcome(), policy);
    } else if (effect instanceof Effect.Settle settle) {
      prompts.choose(connection, prompt.request(), settle.choice());
      prompts.settling(connection, key);
    }
    return new Result(effect, after);
  }

  private static List<String> switches(StoredPrompt prompt, Answer answer) {
    return prompt.option(answer.value().optionId()).map(PromptOption::switches).orElse(List.of());
  }

  /** Switches what an approved plan switches; an answer of one who may not do that is refused. */
  private Effect switched(SqlConnection connection, Answer answer, Effect effect) {
    if (!(effect instanceof Effect.End end) || end.plan() == null) {
      return effect;
    }
    return plans
        .approve(connection, answer.value().tenant(), end.plan(), answer.person(), answer.admin())
        .<Effect>map(refused -> new Effect.Refuse(refused.code(), refused.why()))
        .orElse(effect);
  }

  /**
   * An open prompt with the options of the policy in force: those that are stored may be of a
   * policy that is gone, if no sweep has come by yet.
   */
  private StoredPrompt current(
      SqlConnection connection, StoredPrompt prompt, SessionPolicy policy) {
    StoredRequest request = prompt.request();
    if (request.state() != StoredRequest.State.OPEN || request.fence().equals(policy.fence())) {
      return prompt;
    }
    Rejudgement judged = Rejudgement.of(prompt, policy);
    if (judged.outcome().isPresent()) {
      return prompt;
    }
    prompts.judgedAgain(
        connection,
        prompt,
        policy.fence(),
        judged.question(),
        judged.options(),
        judged.changes(prompt));
    return prompts
        .lock(connection, request.key().tenant(), request.promptId())
        .orElseThrow(() -> new IllegalStateException("a locked prompt vanished"));
  }

  private StoredPrompt finish(
      SqlConnection connection, StoredPrompt prompt, Outcome outcome, SessionPolicy policy) {
    var finish = new RequestStore.Finish(prompt.request().key(), outcome, policy.fence());
    StoredRequest decided = requests.finish(connection, List.of(finish)).get(0);
    return new StoredPrompt(
        decided,
        prompt.question(),
        prompt.options(),
        prompt.openedAt(),
        prompt.call(),
        prompt.choice(),
        prompt.problem(),
        prompt.edit());
  }
}
