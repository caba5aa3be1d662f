package dev.countersign.approval.requests;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.SqlErrors;
import dev.countersign.approval.edits.CurrentDocument;
import dev.countersign.approval.kafka.Batches;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.InboundRecord;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The hot path: a batch of records is read, decided in memory and stored; what is to be sent comes
 * back. Running it again for the same batch stores nothing new and returns the stored outcomes.
 */
@ApplicationScoped
public class RequestBatch implements Batches.Work {
  private static final Logger LOG = Logger.getLogger(RequestBatch.class);

  private final RequestReader reader;
  private final PolicyBook book;
  private final RequestStore store;
  private final EditedDocuments edited;
  private final RequestMessages messages;
  private final Cancels cancels;
  private final CountedUses counted;
  private final FinishedCalls finished;
  private final Kicks kicks;
  private final GivenUp givenUp;
  private final RequestJudge judge;

  public RequestBatch(
      RequestReader reader,
      PolicyBook book,
      RequestStore store,
      EditedDocuments edited,
      RequestMessages messages,
      Cancels cancels,
      CountedUses counted,
      FinishedCalls finished,
      Kicks kicks,
      GivenUp givenUp,
      ApprovalConfig config) {
    this.reader = reader;
    this.book = book;
    this.store = store;
    this.edited = edited;
    this.messages = messages;
    this.cancels = cancels;
    this.counted = counted;
    this.finished = finished;
    this.kicks = kicks;
    this.givenUp = givenUp;
    this.judge = new RequestJudge(config.requestRetention(), () -> UUID.randomUUID().toString());
  }

  @Override
  public List<Outgoing> giveUp(InboundRecord record, Instant now) {
    return givenUp.of(read(record), now);
  }

  @Override
  public List<Outgoing> handle(List<InboundRecord> records, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    List<Reading.Ask> asks = new ArrayList<>();
    List<Reading.Cancel> before = new ArrayList<>();
    List<Reading.Cancel> after = new ArrayList<>();
    List<Reading.Finish> finishes = new ArrayList<>();
    for (InboundRecord record : records) {
      Reading reading = read(record);
      if (reading instanceof Reading.Unproven unproven) {
        out.add(DeadLetters.of(record, unproven.code(), unproven.detail(), now));
      } else if (reading instanceof Reading.Bad bad) {
        out.addAll(messages.refusal(bad, now));
      } else if (reading instanceof Reading.Ask ask) {
        asks.add(ask);
      } else if (reading instanceof Reading.Cancel cancel) {
        boolean follows = asks.stream().anyMatch(ask -> ask.key().equals(cancel.key()));
        (follows ? after : before).add(cancel);
      } else if (reading instanceof Reading.Finish finish) {
        finishes.add(finish);
      }
    }
    Map<SessionKey, SessionPolicy> policies = policies(asks, before, after);
    out.addAll(cancels.handle(before, policies, now));
    out.addAll(decide(asks, policies, now));
    out.addAll(cancels.handle(after, policies, now));
    out.addAll(finished.handle(finishes, now));
    if (!before.isEmpty() || !after.isEmpty()) {
      kicks.somethingToPublish();
    }
    return out;
  }

  private Reading read(InboundRecord record) {
    try {
      return reader.read(record);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.errorf(e, "A record of %s could not be read", record.topic());
      return new Reading.Unproven(record, "internal_error", "reading it failed");
    }
  }

  private Map<SessionKey, SessionPolicy> policies(
      List<Reading.Ask> asks, List<Reading.Cancel> before, List<Reading.Cancel> after) {
    List<SessionKey> sessions = new ArrayList<>();
    asks.forEach(ask -> sessions.add(ask.session()));
    before.forEach(cancel -> sessions.add(cancel.session()));
    after.forEach(cancel -> sessions.add(cancel.session()));
    return book.load(sessions);
  }

  private List<Outgoing> decide(
      List<Reading.Ask> asks, Map<SessionKey, SessionPolicy> policies, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    Map<RequestKey, NewRequest> fresh = new LinkedHashMap<>();
    Map<RequestKey, Optional<StoredRequest>> known = new HashMap<>();
    List<Reading.Ask> stored = new ArrayList<>();
    Map<SessionKey, CurrentDocument> documents = edited.of(asks, policies);
    for (Reading.Ask ask : asks) {
      Judgement judgement = judge(ask, policies, documents);
      while (usesUp(judgement) && !storedWithUses((Judgement.Store) judgement, known)) {
        policies.putAll(book.load(List.of(ask.session())));
        judgement = judge(ask, policies, documents);
      }
      if (judgement instanceof Judgement.Refuse refuse) {
        out.addAll(messages.refusal(ask, refuse.code(), refuse.detail(), now));
      } else if (judgement instanceof Judgement.Store keep) {
        if (!usesUp(keep)) {
          fresh.putIfAbsent(ask.key(), keep.request());
        }
        stored.add(ask);
        if (keep.deadLetter() != null) {
          out.add(
              DeadLetters.of(
                  ask.record(), keep.deadLetter(), keep.request().outcome().reason(), now));
        }
      }
    }
    out.addAll(publish(stored, store(stored, fresh, known), now));
    return out;
  }

  private static boolean usesUp(Judgement judgement) {
    return judgement instanceof Judgement.Store keep && !keep.uses().isEmpty();
  }

  /** False if it must be judged again, since a grant it rests on is gone by now. */
  private boolean storedWithUses(
      Judgement.Store judged, Map<RequestKey, Optional<StoredRequest>> known) {
    try {
      return counted.store(judged);
    } catch (RuntimeException e) {
      if (!SqlErrors.dataAtFault(e)) {
        throw e;
      }
      known.put(judged.request().key(), Optional.empty());
      return true;
    }
  }

  private Judgement judge(
      Reading.Ask ask,
      Map<SessionKey, SessionPolicy> policies,
      Map<SessionKey, CurrentDocument> documents) {
    try {
      return judge.judge(
          ask, Optional.ofNullable(policies.get(ask.session())), documents.get(ask.session()));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.errorf(e, "A request of session %s could not be decided", ask.key().sessionId());
      return new Judgement.Refuse("invalid_request", "an internal error; it was reported");
    }
  }

  /** What each key now holds; empty where the database refused the row's data. */
  private Map<RequestKey, Optional<StoredRequest>> store(
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
          known.put(row.key(), Optional.empty());
        });
    Set<RequestKey> taken = new LinkedHashSet<>();
    asks.stream().map(Reading.Ask::key).filter(key -> !known.containsKey(key)).forEach(taken::add);
    store.find(taken).forEach(request -> known.put(request.key(), Optional.of(request)));
    return known;
  }

  private void insert(List<NewRequest> requests, Map<RequestKey, Optional<StoredRequest>> known) {
    List<StoredRequest> stored = store.insert(requests);
    stored.forEach(r -> known.put(r.key(), Optional.of(r)));
    if (stored.stream().anyMatch(r -> !r.decided())) {
      kicks.somethingToPublish();
    }
  }

  private List<Outgoing> publish(
      List<Reading.Ask> asks, Map<RequestKey, Optional<StoredRequest>> known, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    for (Reading.Ask ask : asks) {
      Optional<StoredRequest> found = known.get(ask.key());
      if (found == null) {
        throw new IllegalStateException("a request vanished while it was stored");
      }
      if (found.isEmpty()) {
        out.addAll(
            messages.refusal(ask, "invalid_request", "it holds text that cannot be stored", now));
      } else {
        out.addAll(publish(ask, found.get(), now));
      }
    }
    return out;
  }

  private List<Outgoing> publish(Reading.Ask ask, StoredRequest request, Instant now) {
    if (!request.isFor(ask.digest())) {
      return messages.refusal(
          ask, "request_id_reused", "this request id stands for another tool call", now);
    }
    if (!request.decided()) {
      return askedAgain(ask, request);
    }
    boolean ownRecord =
        request.sourcePartition() == ask.record().partition()
            && request.sourceOffset() == ask.record().offset();
    // Sent again by its sender: the reply again. Delivered again by Kafka: what may never have
    // been sent, so the receipt too.
    return request.promptId() == null && ownRecord
        ? List.of(messages.reply(request, ask), messages.receipt(request))
        : List.of(messages.reply(request, ask));
  }

  /** Its decision will go to where it was asked from last, or goes there now. */
  private List<Outgoing> askedAgain(Reading.Ask ask, StoredRequest undecided) {
    if (Objects.equals(undecided.address(), ask.address())
        || store.readdress(undecided.key(), ask.address())) {
      return List.of();
    }
    return store.find(List.of(undecided.key())).stream()
        .map(decided -> messages.reply(decided, ask))
        .toList();
  }
}
