package dev.countersign.approval.requests;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.SqlErrors;
import dev.countersign.approval.edits.CurrentDocument;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.requests.RequestJudge.Judgement;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Decides requests. A decision counts at its commit: what moved between the look and the write is
 * judged again, a few times as it comes, then with everything it rests on locked.
 */
@ApplicationScoped
class Decisions {
  private static final Logger LOG = Logger.getLogger(Decisions.class);

  /** So often a request is judged without a lock before it is judged under one. */
  private static final int ATTEMPTS = 3;

  private final PolicyBook book;
  private final RequestStore store;
  private final EditedDocuments edited;
  private final PromptRoom room;
  private final RequestMessages messages;
  private final StoredReplies replies;
  private final CountedUses counted;
  private final LockedDecisions locked;
  private final Kicks kicks;
  private final RequestJudge judge;

  Decisions(
      PolicyBook book,
      RequestStore store,
      EditedDocuments edited,
      PromptRoom room,
      RequestMessages messages,
      StoredReplies replies,
      CountedUses counted,
      LockedDecisions locked,
      Kicks kicks,
      ApprovalConfig config) {
    this.book = book;
    this.store = store;
    this.edited = edited;
    this.room = room;
    this.messages = messages;
    this.replies = replies;
    this.counted = counted;
    this.locked = locked;
    this.kicks = kicks;
    this.judge = new RequestJudge(config.requestRetention(), () -> UUID.randomUUID().toString());
  }

  /** Stores what becomes of requests and returns what to send. */
  List<Outgoing> decide(
      List<Reading.Ask> asks, Map<SessionKey, SessionPolicy> policies, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    Map<RequestKey, Optional<StoredRequest>> known = new HashMap<>();
    List<Reading.Ask> moved = attempt(asks, policies, known, now, out);
    for (int attempt = 1; attempt < ATTEMPTS && !moved.isEmpty(); attempt++) {
      policies.putAll(book.load(moved.stream().map(Reading.Ask::session).toList()));
      moved = attempt(moved, policies, known, now, out);
    }
    moved.forEach(ask -> decideLocked(ask, known, now, out));
    return out;
  }

  /**
   * Judges and stores.
   *
   * @return those that were not stored since what they were judged by moved meanwhile
   */
  private List<Reading.Ask> attempt(
      List<Reading.Ask> asks,
      Map<SessionKey, SessionPolicy> policies,
      Map<RequestKey, Optional<StoredRequest>> known,
      Instant now,
      List<Outgoing> out) {
    Map<RequestKey, NewRequest> fresh = new LinkedHashMap<>();
    Map<Reading.Ask, Judgement.Store> kept = new LinkedHashMap<>();
    Map<Reading.Ask, Judgement.Refuse> refused = new LinkedHashMap<>();
    Map<SessionKey, CurrentDocument> documents = edited.of(asks, policies);
    Map<Reading.Ask, Judgement> judged = new LinkedHashMap<>();
    asks.forEach(
        ask ->
            judged.put(ask, judge(ask, policies.get(ask.session()), documents.get(ask.session()))));
    for (Map.Entry<Reading.Ask, Judgement> entry : room.limit(judged).entrySet()) {
      Reading.Ask ask = entry.getKey();
      Judgement judgement = entry.getValue();
      if (judgement instanceof Judgement.Refuse refuse) {
        refused.put(ask, refuse);
      } else if (judgement instanceof Judgement.Store keep) {
        kept.put(ask, keep);
        if (keep.uses().isEmpty()) {
          fresh.putIfAbsent(ask.key(), keep.request());
        } else {
          storeWithUses(keep, known);
        }
      }
    }
    out.addAll(refuse(refused, now));
    List<Reading.Ask> asked = List.copyOf(kept.keySet());
    store(asked, fresh, known);
    Map<Boolean, List<Reading.Ask>> stored =
        asked.stream().collect(Collectors.partitioningBy(ask -> known.containsKey(ask.key())));
    stored.get(true).forEach(ask -> out.addAll(deadLetter(ask, kept.get(ask), now)));
    out.addAll(told(stored.get(true), known, now));
    return stored.get(false);
  }

  private void decideLocked(
      Reading.Ask ask,
      Map<RequestKey, Optional<StoredRequest>> known,
      Instant now,
      List<Outgoing> out) {
    LockedDecisions.Judge judging =
        policy ->
            room.limit(
                    Map.of(
                        ask,
                        judge(
                            ask,
                            policy,
                            edited
                                .of(List.of(ask), Map.of(ask.session(), policy))
                                .get(ask.session()))))
                .get(ask);
    Judgement judgement = locked.decide(ask, judging);
    if (judgement instanceof Judgement.Refuse refuse) {
      out.addAll(refuse(Map.of(ask, refuse), now));
    } else if (judgement instanceof Judgement.Store keep) {
      store.find(List.of(ask.key())).forEach(r -> known.put(r.key(), Optional.of(r)));
      out.addAll(deadLetter(ask, keep, now));
      out.addAll(told(List.of(ask), known, now));
    }
  }

  private static List<Outgoing> deadLetter(Reading.Ask ask, Judgement.Store kept, Instant now) {
    return kept.deadLetter() == null
        ? List.of()
        : List.of(DeadLetters.of(ask.record(), kept.deadLetter(), now));
  }

  /** What was decided once stays decided, however late or in vain it is judged again. */
  private List<Outgoing> refuse(Map<Reading.Ask, Judgement.Refuse> refused, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    List<RequestKey> known =
        refused.entrySet().stream()
            .filter(e -> !RequestJudge.STRANGE.contains(e.getValue().code()))
            .map(e -> e.getKey().key())
            .toList();
    Map<RequestKey, StoredRequest> before = new HashMap<>();
    store.find(known).forEach(request -> before.put(request.key(), request));
    refused.forEach(
        (ask, refuse) -> {
          StoredRequest stored = before.get(ask.key());
          out.addAll(
              stored == null
                  ? messages.refusal(ask, refuse.code(), refuse.detail(), now)
                  : replies.of(ask, stored, now));
        });
    return out;
  }

  /** Stores it if the grants it rests on still live; otherwise it is judged again. */
  private void storeWithUses(
      Judgement.Store judged, Map<RequestKey, Optional<StoredRequest>> known) {
    try {
      counted.store(judged).ifPresent(r -> known.put(r.key(), Optional.of(r)));
    } catch (RuntimeException e) {
      if (!SqlErrors.dataAtFault(e)) {
        throw e;
      }
      known.putIfAbsent(judged.request().key(), Optional.empty());
    }
  }

  private Judgement judge(Reading.Ask ask, SessionPolicy policy, CurrentDocument document) {
    try {
      return judge.judge(ask, Optional.ofNullable(policy), document);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.errorf(e, "A request of session %s could not be decided", ask.key().sessionId());
      return new Judgement.Refuse("invalid_request", "an internal error; it was reported");
    }
  }

  /** Notes what each key now holds; empty where the database refused the row's data. */
  private void store(
      List<Reading.Ask> asks,
      Map<RequestKey, NewRequest> fresh,
      Map<RequestKey, Optional<StoredRequest>> known) {
    List<NewRequest> sorted =
        fresh.values().stream().sorted((a, b) -> a.key().compareTo(b.key())).toList();
    Bisect.store(
        sorted,
        rows -> insert(rows, known),
        row -> {
          LOG.warnf("The database refuses the data of a request of %s", row.key().sessionId());
          // Another record of the batch may have stored this id: that is the decision then.
          known.putIfAbsent(row.key(), Optional.empty());
        });
    Set<RequestKey> taken = new LinkedHashSet<>();
    asks.stream().map(Reading.Ask::key).filter(key -> !known.containsKey(key)).forEach(taken::add);
    store.find(taken).forEach(request -> known.put(request.key(), Optional.of(request)));
  }

  private void insert(List<NewRequest> requests, Map<RequestKey, Optional<StoredRequest>> known) {
    List<StoredRequest> stored = store.insert(requests);
    stored.forEach(r -> known.put(r.key(), Optional.of(r)));
    if (stored.stream().anyMatch(r -> !r.decided())) {
      kicks.somethingToPublish();
    }
  }

  private List<Outgoing> told(
      List<Reading.Ask> asks, Map<RequestKey, Optional<StoredRequest>> known, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    for (Reading.Ask ask : asks) {
      Optional<StoredRequest> found = known.get(ask.key());
      if (found.isEmpty()) {
        out.addAll(
            messages.refusal(ask, "invalid_request", "it holds text that cannot be stored", now));
      } else {
        out.addAll(replies.of(ask, found.get(), now));
      }
    }
    return out;
  }
}
