package dev.countersign.approval.requests;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.grants.GrantStore;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.requests.RequestJudge.Judgement;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Stores requests that counted grants allow. The use and the decision are one transaction: of any
 * number of requests, in any number of services, exactly as many are allowed by a grant as it has
 * uses, and one that is delivered again uses nothing up.
 */
@ApplicationScoped
public class CountedUses {
  private final Database database;
  private final GrantStore grants;
  private final RequestStore requests;
  private final PolicyBook book;

  public CountedUses(Database database, GrantStore grants, RequestStore requests, PolicyBook book) {
    this.database = database;
    this.book = book;
    this.grants = grants;
    this.requests = requests;
  }

  /**
   * Stores a request together with its uses.
   *
   * @return empty if nothing is stored and nothing used: its id is taken, or what it was judged by
   *     has moved, or a grant is no longer alive
   */
  Optional<StoredRequest> store(Judgement.Store judged) {
    return database.transaction(connection -> store(connection, judged));
  }

  /** The same within a transaction. */
  Optional<StoredRequest> store(SqlConnection connection, Judgement.Store judged) {
    NewRequest request = judged.request();
    String tenant = request.key().tenant();
    if (!judged.uses().isEmpty()) {
      // Before the grants, like everybody else who takes both.
      book.lock(connection, List.of(new SessionKey(tenant, request.key().sessionId())));
    }
    if (!grants.hold(connection, tenant, judged.uses())) {
      return Optional.empty();
    }
    Optional<StoredRequest> stored = requests.insert(connection, request).stream().findFirst();
    if (stored.isPresent()) {
      grants.use(connection, tenant, judged.uses());
    }
    return stored;
  }
}
