package dev.countersign.approval.deadlines;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.grants.GrantJudge;
import dev.countersign.approval.grants.GrantStore;
import dev.countersign.approval.grants.StoredGrant;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.loops.Worklist;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.policies.UserPolicies;
import dev.countersign.approval.prompts.PromptStore;
import dev.countersign.approval.prompts.Rejudgement;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.RequestStore;
import dev.countersign.approval.requests.RequestStore.Finish;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges open prompts and living grants again whenever the policy they were judged under is no
 * longer the one in force. A prompt that the policy now settles ends; a grant that it no longer
 * honours dies for good.
 */
@ApplicationScoped
public class PolicySweep {
  /** As it is called where its progress is shown. */
  public static final String NAME = "policy changes";

  private static final int BATCH = 100;
  private static final int EXPIRING = 5_000;

  private final Database database;
  private final PolicyBook book;
  private final PromptStore prompts;
  private final GrantStore grants;
  private final RequestStore requests;
  private final Kicks kicks;
  private final Progress progress;
  private final Worklist<StoredGrant.Stale> staleGrants;
  private final Worklist<StoredPrompt> stalePrompts;

  public PolicySweep(
      Database database,
      PolicyBook book,
      PromptStore prompts,
      GrantStore grants,
      RequestStore requests,
      Kicks kicks,
      Progress progress) {
    this.database = database;
    this.book = book;
    this.prompts = prompts;
    this.grants = grants;
    this.requests = requests;
    this.kicks = kicks;
    this.progress = progress;
    Runnable advanced = () -> progress.advances(NAME);
    this.staleGrants = new Worklist<>("grants", database, stale -> stale.grant().seq(), advanced);
    this.stalePrompts =
        new Worklist<>("prompts", database, prompt -> prompt.request().seq(), advanced);
  }

  /** Judges all that are behind: grants first, since prompts may hang on them. */
  public void sweep() {
    while (database.transaction(connection -> grants.expire(connection, EXPIRING)) > 0) {
      progress.advances(NAME);
    }
    while (staleGrants.some(BATCH, grants::judgedBefore, this::judgeGrants) > 0) {}
    int judged;
    do {
      judged = stalePrompts.some(BATCH, prompts::judgedBefore, this::judgeLocked);
      if (judged > 0) {
        kicks.somethingToPublish();
      }
    } while (judged > 0);
  }

  private void judgeGrants(SqlConnection connection, List<StoredGrant.Stale> stale) {
    Map<List<String>, UserPolicies> policies = new HashMap<>();
    for (StoredGrant.Stale one : stale) {
      StoredGrant grant = one.grant();
      List<String> whose = Arrays.asList(grant.tenant(), grant.user(), grant.sessionId());
      UserPolicies policy = policies.computeIfAbsent(whose, first -> policyOf(connection, grant));
      if (GrantJudge.honoured(one, policy.policy())) {
        grants.judgedAgain(connection, one.grant(), policy.fence());
      } else {
        grants.kill(connection, one.grant(), one.closed() ? "session_closed" : "policy", null);
      }
    }
  }

  private UserPolicies policyOf(SqlConnection connection, StoredGrant grant) {
    if (grant.sessionId() == null) {
      return UserPolicies.load(connection, grant.tenant(), grant.user());
    }
    SessionPolicy policy = policy(connection, new SessionKey(grant.tenant(), grant.sessionId()));
    return new UserPolicies(policy.fence(), policy.policy());
  }

  /** Judges a user's open prompts about a tool again: a grant was given that may settle some. */
  public void judgeOpen(String tenant, String owner, String tool) {
    long last = 0;
    List<StoredPrompt> judged;
    do {
      long after = last;
      judged =
          database.transaction(
              connection -> {
                List<StoredPrompt> open =
                    prompts.lockOpenOf(connection, tenant, owner, tool, after, BATCH);
                judgeLocked(connection, open);
                return open;
              });
      last = judged.isEmpty() ? after : judged.get(judged.size() - 1).request().seq();
      kicks.somethingToPublish();
    } while (!judged.isEmpty());
  }

  /** With all that they are judged by locked, in one order, so that a decision is never late. */
  private void judgeLocked(SqlConnection connection, List<StoredPrompt> locked) {
    book.lock(connection, locked.stream().map(p -> p.request().key().session()).toList());
    locked.forEach(prompt -> judge(connection, prompt));
  }

  private void judge(SqlConnection connection, StoredPrompt prompt) {
    var key = prompt.request().key();
    SessionPolicy policy = policy(connection, key.session());
    Rejudgement judged = Rejudgement.of(prompt, policy);
    if (judged.outcome().isPresent()) {
      finish(connection, key, judged, policy);
    } else {
      prompts.judgedAgain(
          connection,
          prompt,
          policy.fence(),
          judged.question(),
          judged.options(),
          judged.changes(prompt));
    }
  }

  /** A prompt that rests on a grant which is gone by now stays open until it is judged again. */
  private void finish(
      SqlConnection connection, RequestKey key, Rejudgement judged, SessionPolicy policy) {
    if (grants.hold(connection, key.tenant(), judged.grants())) {
      Finish finish = new Finish(key, judged.outcome().get(), policy.fence(), policy.until());
      if (!requests.finishOpen(connection, List.of(finish)).isEmpty()) {
        grants.use(connection, key.tenant(), judged.uses());
      }
    }
  }

  private SessionPolicy policy(SqlConnection connection, SessionKey session) {
    return book.loadUnchanged(connection, session)
        .orElseThrow(() -> new IllegalStateException("no session " + session.id()));
  }
}
