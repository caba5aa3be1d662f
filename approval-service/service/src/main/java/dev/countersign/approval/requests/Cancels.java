package dev.countersign.approval.requests;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Requests that agents give up. A cancel is final also when it overtakes its request: then it is
 * stored as that request's decision.
 */
@ApplicationScoped
public class Cancels {
  private final Database database;
  private final RequestStore store;
  private final RequestMessages messages;

  public Cancels(Database database, RequestStore store, RequestMessages messages) {
    this.database = database;
    this.store = store;
    this.messages = messages;
  }

  /** Ends what the cancels name; returns dead letters and decisions that stood already. */
  List<Outgoing> handle(
      List<Reading.Cancel> cancels, Map<SessionKey, SessionPolicy> policies, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    Map<RequestKey, Reading.Cancel> wanted = new TreeMap<>();
    for (Reading.Cancel cancel : cancels) {
      SessionPolicy policy = policies.get(cancel.session());
      if (policy == null) {
        out.add(DeadLetters.of(cancel.record(), "unknown_session", now));
      } else if (cancel.owner() != null && !cancel.owner().equals(policy.owner())) {
        out.add(DeadLetters.of(cancel.record(), "not_your_session", now));
      } else {
        wanted.putIfAbsent(cancel.key(), cancel);
      }
    }
    List<NewRequest> rows =
        wanted.values().stream()
            .map(cancel -> RequestJudge.cancelled(cancel, policies.get(cancel.session())))
            .toList();
    Set<RequestKey> overtaken =
        store.insert(rows).stream().map(StoredRequest::key).collect(Collectors.toSet());
    wanted.keySet().removeAll(overtaken);
    out.addAll(end(wanted));
    return out;
  }

  private List<Outgoing> end(Map<RequestKey, Reading.Cancel> wanted) {
    List<RequestStore.Finish> finishes =
        store.find(wanted.keySet()).stream()
            .filter(request -> request.state() == StoredRequest.State.OPEN)
            .map(
                request ->
                    new RequestStore.Finish(
                        request.key(),
                        Outcomes.cancelled(wanted.get(request.key()).cancel().reason()),
                        null))
            .toList();
    Set<RequestKey> ended =
        database.transaction(connection -> store.finishOpen(connection, finishes)).stream()
            .map(StoredRequest::key)
            .collect(Collectors.toSet());
    // The publisher tells of those that ended now; of the others the decision that stands is told.
    return store.find(wanted.keySet()).stream()
        .filter(request -> request.decided() && !ended.contains(request.key()))
        .map(request -> messages.reply(request, wanted.get(request.key()).address()))
        .toList();
  }
}
