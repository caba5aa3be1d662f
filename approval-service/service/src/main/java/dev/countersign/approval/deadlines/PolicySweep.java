package dev.countersign.approval.deadlines;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.PolicyCalls;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.prompts.GrantStore;
import dev.countersign.approval.prompts.GrantStore.StaleGrant;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.Rejudgement;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.requests.RequestStore.Finish;
import dev.countersign.policy.Authority;
import dev.countersign.policy.Grant;
import dev.countersign.policy.Verdict;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Judges open prompts and living grants again whenever the policy they were judged under is no
 * longer the one in force. A prompt that the policy now settles ends; a grant that it no longer
 * honours dies for good.
 */
@ApplicationScoped
public class PolicySweep {
  private static final int BATCH = 100;

  private final Database database;
  private final PolicyBook book;
  private final PromptStore prompts;
  private final GrantStore grants;
  private final RequestStore requests;
  private final Kicks kicks;

  public PolicySweep(
      Database database,
      PolicyBook book,
      PromptStore prompts,
      GrantStore grants,
      RequestStore requests,
      Kicks kicks) {
    this.database = database;
    this.book = book;
    this.prompts = prompts;
    this.grants = grants;
    this.requests = requests;
    this.kicks = kicks;
  }

  /** Judges all that are behind: grants first, since prompts may hang on them. */
  public void sweep() {
    while (database.transaction(this::someGrants) == BATCH) {}
    int judged;
    do {
      judged = database.transaction(this::somePrompts);
      if (judged > 0) {
        kicks.somethingToPublish();
      }
    } while (judged == BATCH);
  }

  private int someGrants(SqlConnection connection) {
    List<StaleGrant> stale = grants.judgedBefore(connection, BATCH);
    for (StaleGrant grant : stale) {
      SessionPolicy policy = policy(connection, grant.session());
      if (honoured(grant, policy)) {
        grants.judgedAgain(connection, grant, policy.fence());
      } else {
        grants.kill(connection, grant);
      }
    }
    return stale.size();
  }

  private static boolean honoured(StaleGrant stale, SessionPolicy policy) {
    if (policy.closed() || policy.policy() == null || stale.call() == null) {
      return false;
    }
    Grant grant = new Grant(stale.id(), "", stale.digest(), stale.call().tool(), null);
    var call = PolicyCalls.of(stale.call(), stale.digest(), null);
    return Authority.decide(policy.policy(), call, null, List.of(grant)).verdict()
        instanceof Verdict.Allow;
  }

  private int somePrompts(SqlConnection connection) {
    List<StoredPrompt> stale = prompts.judgedBefore(connection, BATCH);
    for (StoredPrompt prompt : stale) {
      var key = prompt.request().key();
      SessionPolicy policy = policy(connection, new SessionKey(key.tenant(), key.sessionId()));
      Rejudgement judged = Rejudgement.of(prompt, policy);
      if (judged.outcome().isPresent()) {
        Finish finish = new Finish(key, judged.outcome().get(), policy.fence());
        requests.finishOpen(connection, List.of(finish));
      } else {
        boolean changed =
            !judged.options().equals(prompt.options())
                || !judged.question().equals(prompt.question());
        prompts.judgedAgain(
            connection, prompt, policy.fence(), judged.question(), judged.options(), changed);
      }
    }
    return stale.size();
  }

  private SessionPolicy policy(SqlConnection connection, SessionKey session) {
    return book.load(connection, session)
        .orElseThrow(() -> new IllegalStateException("no session " + session.id()));
  }
}
