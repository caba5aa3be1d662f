package dev.countersign.approval.requests;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.requests.RequestJudge.Judgement;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Decides a request while nothing that it rests on can change, for those whose policy kept moving
 * between the look and the write. Only the clock and other uses of a grant can still come between;
 * what they keep from being stored is denied in the end.
 */
@ApplicationScoped
class LockedDecisions {
  private static final int ATTEMPTS = 10;

  private final Database database;
  private final PolicyBook book;
  private final CountedUses counted;
  private final RequestStore store;
  private final Kicks kicks;

  LockedDecisions(
      Database database, PolicyBook book, CountedUses counted, RequestStore store, Kicks kicks) {
    this.database = database;
    this.book = book;
    this.counted = counted;
    this.store = store;
    this.kicks = kicks;
  }

  /** Judges a request by a policy. */
  interface Judge {
    Judgement judge(SessionPolicy policy);
  }

  /** Decides a request of a session that exists. What it returns is stored, unless it refuses. */
  Judgement decide(Reading.Ask ask, Judge judge) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Judgement> judged = database.transaction(connection -> once(connection, ask, judge));
      if (judged.isPresent()) {
        kicks.somethingToPublish();
        return judged.get();
      }
    }
    return database.transaction(connection -> denied(connection, ask, judge));
  }

  private Optional<Judgement> once(SqlConnection connection, Reading.Ask ask, Judge judge) {
    Judgement judgement = judge.judge(book.hold(connection, ask.session()));
    return judgement instanceof Judgement.Store keep
            && counted.store(connection, keep).isEmpty()
            && store.find(List.of(ask.key())).isEmpty()
        ? Optional.empty()
        : Optional.of(judgement);
  }

  private Judgement denied(SqlConnection connection, Reading.Ask ask, Judge judge) {
    Judgement judgement = judge.judge(book.hold(connection, ask.session()));
    if (!(judgement instanceof Judgement.Store keep)) {
      return judgement;
    }
    Outcome unsettled =
        Outcomes.system("policy_changing", "the policy kept changing while it was decided.");
    NewRequest denial = keep.request().ending(unsettled);
    store.insert(connection, denial);
    return new Judgement.Store(denial, null, List.of());
  }
}
