package dev.countersign.approval.requests;

import dev.countersign.approval.edits.CurrentDocument;
import dev.countersign.approval.overrides.ProjectionStore;
import dev.countersign.approval.overrides.ProjectionStore.UserKey;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the documents that the requests of a batch want to edit; no other request costs a query.
 */
@ApplicationScoped
class EditedDocuments {
  private final ProjectionStore projection;

  EditedDocuments(ProjectionStore projection) {
    this.projection = projection;
  }

  /** What the owners of these sessions settled, for those in which an edit is asked for. */
  Map<SessionKey, CurrentDocument> of(
      List<Reading.Ask> asks, Map<SessionKey, SessionPolicy> policies) {
    Map<SessionKey, UserKey> owners = new HashMap<>();
    for (Reading.Ask ask : asks) {
      SessionPolicy policy = policies.get(ask.session());
      if (policy != null && RequestJudge.edits(ask)) {
        owners.put(ask.session(), new UserKey(policy.key().tenant(), policy.owner()));
      }
    }
    Set<UserKey> users = new HashSet<>(owners.values());
    Map<UserKey, CurrentDocument> found = projection.find(users);
    Map<SessionKey, CurrentDocument> documents = new HashMap<>();
    owners.forEach(
        (session, user) -> documents.put(session, found.getOrDefault(user, CurrentDocument.NONE)));
    return documents;
  }
}
