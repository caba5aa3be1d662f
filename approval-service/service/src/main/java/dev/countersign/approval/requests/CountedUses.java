package dev.countersign.approval.requests;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.grants.GrantStore;
import dev.countersign.approval.requests.RequestJudge.Judgement;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

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

  public CountedUses(Database database, GrantStore grants, RequestStore requests) {
    this.database = database;
    this.grants = grants;
    this.requests = requests;
  }

  /**
   * Stores a request together with its uses; also fine if its id is taken, then nothing is used.
   *
   * @return false if a grant is no longer alive: nothing is stored, judge the request again
   */
  boolean store(Judgement.Store judged) {
    return database.transaction(connection -> store(connection, judged));
  }

  private boolean store(SqlConnection connection, Judgement.Store judged) {
    NewRequest request = judged.request();
    String tenant = request.key().tenant();
    if (!grants.hold(connection, tenant, judged.uses())) {
      return false;
    }
    List<StoredRequest> stored = requests.insert(connection, request);
    if (!stored.isEmpty()) {
      grants.use(connection, tenant, judged.uses());
    }
    return true;
  }
}
